// For whoever stands at the computer: sound, motion, day or night, full screen; keys S, M, N, F. Seen only while the mouse moves.
import { bell, sound } from "../../js/sound.js";
import { calm, find } from "./dom.js";

const STAY = 3500; // ms after the last move of the mouse
const KEY = "thiso.motion";

const remembered = () => {
  try { return localStorage.getItem(KEY) === "less"; } catch { return false; }
};
const remember = (less) => {
  try { localStorage.setItem(KEY, less ? "less" : "full"); } catch { /* as long as the page lives */ }
};

/** `turn()` is called by space and arrows. */
export function controls({ turn }) {
  const bar = find("[data-controls]"), root = document.documentElement;
  const button = (name) => find(`[data-${name}]`, bar);
  let timer = 0;
  const wake = () => {
    document.body.dataset.awake = "";
    clearTimeout(timer);
    timer = setTimeout(() => delete document.body.dataset.awake, STAY);
  };
  const paint = () => {
    button("sound").setAttribute("aria-pressed", String(sound.enabled));
    button("motion").setAttribute("aria-pressed", String(calm()));
    button("full").hidden = !root.requestFullscreen;
  };
  const acts = {
    s() {
      if (sound.enabled) sound.off();
      else sound.on().then(() => bell());
    },
    m() {
      const less = root.dataset.motion !== "less";
      less ? (root.dataset.motion = "less") : delete root.dataset.motion;
      remember(less);
    },
    n() {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    },
    f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.()),
  };
  const act = (key) => {
    acts[key]();
    paint();
    wake();
  };
  if (remembered()) root.dataset.motion = "less";
  for (const [name, key] of [["sound", "s"], ["motion", "m"], ["night", "n"], ["full", "f"]]) button(name).addEventListener("click", () => act(key));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key in acts) act(key);
    else if (["arrowleft", "arrowright"].includes(key) || (key === " " && !event.target.closest?.("button"))) {
      event.preventDefault();
      turn();
    }
  });
  for (const name of ["pointermove", "pointerdown", "focusin"]) document.addEventListener(name, wake, { passive: true });
  // A browser lets a page sound only after a touch: the first one wakes what was switched on another day.
  document.addEventListener("pointerdown", () => { if (sound.enabled) sound.on(); }, { once: true });
  paint();
}
