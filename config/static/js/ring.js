// Drives every drum ring that has a deadline. The server's clock judges; this only shows it.
import { clock } from "./format.js";

const GOLD = 60, SON = 10;
const rings = new Map();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// performance.now() stands still while some phones sleep; the wall clock does not, but people can change it.
// So: monotonic time, plus whatever the wall clock says was slept, until the page asks the server again (syncRing).
let lastMono = performance.now(), lastWall = Date.now(), slept = 0;
function mono() {
  const m = performance.now(), w = Date.now();
  const gap = (w - lastWall) - (m - lastMono);
  if (gap > 1500) slept += gap;
  lastMono = m;
  lastWall = w;
  return (m + slept) / 1000;
}

// The page's own "now" was true when the response began to arrive, not when this module ran.
function bornAt() {
  const entry = performance.getEntriesByType("navigation")[0];
  return entry && entry.responseStart > 0 ? entry.responseStart / 1000 : mono();
}

function level(left) {
  return left < SON ? "son" : left < GOLD ? "gold" : "calm";
}

function draw(el, state) {
  const left = Math.max(0, state.deadline - (state.now + mono() - state.at));
  const shown = Math.ceil(left);
  if (shown === state.shown) return left;
  const before = state.shown;
  state.shown = shown;
  const text = clock(left);
  if (state.text) state.text.firstChild ? (state.text.firstChild.nodeValue = text) : (state.text.textContent = text);
  el.toggleAttribute("data-long", text.length > 6);
  // The arc sweeps for one second towards where it will be (CSS transition); with reduced motion it steps.
  const ahead = calm.matches ? left : Math.max(0, left - 1);
  state.arc?.setAttribute("stroke-dasharray", `${state.total > 0 ? Math.min(1, ahead / state.total) : 1} 1`);
  const now = level(left);
  if (el.dataset.level !== now) {
    el.dataset.level = now;
    el.dispatchEvent(new CustomEvent("ring:level", { bubbles: true, detail: { level: now, left } }));
  }
  for (const mark of [60, 30, 10, 0]) {
    // Only what is crossed while the person is here; a page opened at 25 s does not say "30".
    if (before !== undefined && before > mark && shown <= mark && shown > mark - 5) say(state, el.dataset[`say-${mark}`] ?? el.getAttribute(`data-say-${mark}`));
  }
  if (shown === 0 && !state.over) {
    state.over = true;
    el.dispatchEvent(new CustomEvent("ring:over", { bubbles: true }));
  }
  return left;
}

function say(state, words) {
  if (state.say && words) state.say.textContent = words;
}

let timer = 0;
function tick() {
  let next = 1;
  for (const [el, state] of rings) {
    if (!el.isConnected) {
      rings.delete(el);
      continue;
    }
    const left = draw(el, state);
    if (left > 0) next = Math.min(next, left - Math.floor(left) || 1);
  }
  clearTimeout(timer);
  if (rings.size) timer = setTimeout(tick, Math.max(30, next * 1000 + 8));
}

/** Start one ring from its data-now, data-deadline, data-total (epoch seconds, seconds). Starting twice does nothing. */
export function startRing(el) {
  if (rings.has(el)) return;
  const now = Number(el.dataset.now), deadline = Number(el.dataset.deadline);
  if (!Number.isFinite(now) || !Number.isFinite(deadline)) return;
  rings.set(el, {
    now, deadline, at: bornAt(), total: Number(el.dataset.total) || deadline - now,
    arc: el.querySelector(".ring-time"), text: el.querySelector("[data-ring-text]"), say: el.querySelector("[data-ring-say]"),
  });
  tick();
}

/** The server has spoken again: set its clock and, if it changed, the deadline (epoch seconds). */
export function syncRing(el, { now, deadline }) {
  const state = rings.get(el);
  if (!state) {
    el.dataset.now = now;
    if (deadline !== undefined) el.dataset.deadline = deadline;
    startRing(el);
    if (rings.has(el)) rings.get(el).at = mono();
    return;
  }
  Object.assign(state, { now, at: mono(), deadline: deadline ?? state.deadline });
  if (state.deadline > now) state.over = false;
  tick();
}

/** Paint the inner ring: `done` of `total` questions answered. */
export function setAnswered(el, done, total = Number(el.dataset.questions)) {
  const arc = el.querySelector(".ring-done");
  el.dataset.answered = done;
  if (!arc) return;
  const marks = Number(arc.getAttribute("pathLength"));
  let dash = `${total ? done / total : 0} 1`;
  if (marks > 1) dash = done > 0 ? `${"0.82 0.18 ".repeat(done - 1)}0.82 ${marks - done + 0.18}` : `0 ${marks}`;
  arc.setAttribute("stroke-dasharray", dash);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
addEventListener("pageshow", tick);
for (const el of document.querySelectorAll("[data-ring][data-deadline]")) startRing(el);
