// What the desk, the remote and the marshal's page share: the connection said plainly, commands, words, the ring, wake lock.
import { syncRing } from "../../js/ring.js";
import { toast } from "../../js/ui.js";
import { form } from "./forms.js";
import { Link } from "./link.js";

export const page = document.querySelector("[data-live]");
export const words = page ? JSON.parse(page.dataset.words) : {};
export const find = (name) => document.querySelector(`[data-${name}]`);
export const say = (code, values = {}) => form(words.say[code] ?? code, values).replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

export const link = page ? new Link({ event: page.dataset.event, role: page.dataset.live, key: page.dataset.key, poll: false }) : null;

/** The last whole state, wherever it came from. */
export const now = { frame: null };

// ------------------------------------------------------------------------------------------ the connection
const LATE = 2500; // ms without a connection before it is said
const conn = find("conn");
let lost = 0;

function paintConnection() {
  if (!conn) return;
  const state = link.state === "waiting" && polling ? "polling" : link.state;
  conn.dataset.state = state;
  conn.toggleAttribute("data-fresh", state === "waiting" && !now.frame);
  page.dataset.connection = state;
  if (state === "waiting" && !now.frame && !lost) return; // still opening for the first time
  setText(conn.querySelector("[data-conn-text]"), say(state));
}

/** Where WebSockets are blocked, the same frame is asked for by HTTP every few seconds. */
let polling = false;
async function poll() {
  if (link.state === "live" || link.state === "gone" || !page.dataset.stateUrl) return;
  try {
    const response = await fetch(page.dataset.stateUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.ok) {
      polling = true;
      if (link.state !== "live") link.read(await response.json());
    } else polling = false;
  } catch {
    polling = false;
  }
  paintConnection();
  if (link.state !== "live") setTimeout(poll, 2500 + Math.random() * 500);
}

// ------------------------------------------------------------------------------------------ commands
function told(result) {
  if (result.ok) return;
  toast(result.text || say(result.code in words.say ? result.code : "refused"), result.code === "unsure" ? "warning" : "error");
}

/** Ask the dialog of this id; true when the person said yes. Its `data-fill="name"` places get `values.name`. */
export function sure(id, values = {}) {
  const dialog = document.getElementById(id);
  if (!dialog) return Promise.resolve(true);
  for (const place of dialog.querySelectorAll("[data-fill]")) setText(place, values[place.dataset.fill] ?? "");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** The state on this screen, which a command names. */
export const seen = () => now.frame?.at ?? Number(find("at")?.value ?? 0);

/** Send a command; says a kind sentence when it was refused. Without a socket it goes as a plain form. */
export async function command(action, data = {}, { quiet = false, at = seen() } = {}) {
  let result;
  if (link.state === "live") result = await link.command(action, data, at);
  else result = await post(action, data, at);
  if (!quiet) told(result);
  return result;
}

async function post(action, data, at) {
  const form = document.querySelector("form[data-command]");
  if (!form) return { ok: false, code: "offline", text: "" };
  const body = new FormData(form);
  body.set("action", action);
  body.set("at", String(at));
  body.set("data", JSON.stringify(data));
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    const answer = await response.json();
    if (response.ok) {
      setTimeout(poll, 150);
      return { ok: true, code: "done", text: "" };
    }
    return { ok: false, code: answer.code, text: answer.message ?? answer.text ?? "" };
  } catch {
    return { ok: false, code: "offline", text: "" };
  }
}

/** A button of the page: asks first where it must, turns busy, sends once. */
export async function press(button) {
  if (button.getAttribute("aria-busy") === "true" || button.disabled) return;
  const action = button.dataset.act ?? button.value, at = seen(); // a yes is about what stood here when it was asked
  if (button.dataset.ask && !(await sure(button.dataset.ask))) return;
  button.setAttribute("aria-busy", "true");
  try {
    const data = button.dataset.data ? JSON.parse(button.dataset.data) : {};
    const result = await command(action, data, { quiet: true, at });
    // Boards nobody has marked: the host may go on, after being told what it means.
    if (result.code !== "marshals_pending") told(result);
    else if (await sure("con-bang")) await command("reveal", { force: true });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (page) {
  for (const form of document.querySelectorAll("form[data-command]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter) press(event.submitter);
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act][type=button]");
    if (button) press(button);
  });

  link.addEventListener("stage", ({ detail }) => {
    now.frame = detail;
    for (const field of document.querySelectorAll("[data-at]")) field.value = detail.at;
    paintConnection();
  });
  link.addEventListener("state", ({ detail }) => {
    if (detail === "live") {
      if (lost && Date.now() - lost > LATE) toast(say("live"), "success");
      lost = 0;
      polling = false;
      paintConnection();
      return;
    }
    if (!lost) lost = Date.now();
    setTimeout(() => {
      if (link.state === "live") return;
      paintConnection();
      poll();
    }, detail === "gone" ? 0 : LATE);
  });
  setTimeout(() => { if (link.state !== "live" && !lost) { lost = Date.now(); paintConnection(); poll(); } }, 4000);
}

// ------------------------------------------------------------------------------------------ the ring
let shown = "";
/** The countdown of the frame; a new ring for each opening, an empty place where no time runs. */
export function paintRing(home, frame) {
  const template = find("ring-template");
  if (!home || !template) return;
  const [from, to] = frame.phase === "intro" ? [frame.now, frame.opens_at] : [frame.opens_at, frame.closes_at];
  const runs = (frame.phase === "intro" || frame.phase === "open") && to > 0;
  const key = runs ? `${frame.phase}/${frame.instance}/${to}/${frame.paused ? frame.paused_at : 0}` : "";
  if (key !== shown) {
    shown = key;
    home.replaceChildren();
    if (!runs) return;
    const ring = template.content.firstElementChild.cloneNode(true);
    ring.dataset.total = String(Math.max(1, (to - from) / 1000));
    home.append(ring);
  }
  const ring = home.firstElementChild;
  if (!ring) return;
  if (frame.paused) {
    const left = Math.max(0, to - frame.paused_at) / 1000;
    ring.querySelector("[data-ring-text]").textContent = String(Math.ceil(left));
    ring.querySelector(".ring-time")?.setAttribute("stroke-dasharray", `${Math.min(1, left / Number(ring.dataset.total))} 1`);
    return;
  }
  syncRing(ring, { now: link.now() / 1000, deadline: to / 1000 });
}

// ------------------------------------------------------------------------------------------ what the button does next
/** [action, label, what then] of the one filled button, as realtime/presenters/desk.py says. */
export function nextStep(frame) {
  if (frame.paused) return ["resume", ...words.resume];
  const known = words.next[frame.phase];
  if (!known) return ["", say("gone"), ""];
  if ((frame.phase === "board" || frame.phase === "rescue") && frame.index + 1 >= frame.total) return ["next", ...words.last];
  return ["next", ...known];
}

export function paintNext(frame) {
  const button = find("next");
  if (!button) return;
  const [action, label, then] = words.next[frame.phase] || frame.paused ? nextStep(frame) : ["", words.phases[frame.phase] ?? "", ""];
  button.value = action || "next";
  button.disabled = !action || (frame.actions && !frame.actions.includes(action));
  setText(find("next-label"), label);
  setText(find("next-then"), then);
}

export function countWords(frame) {
  return frame.index < 0 ? "" : say("question", { n: frame.index + 1, total: frame.total });
}

/** A short buzz, where the phone allows it: only after somebody has touched the page. */
export function buzz(ms) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(ms);
}

// ------------------------------------------------------------------------------------------ staying awake
async function stayAwake() {
  try {
    if (!document.hidden) await navigator.wakeLock?.request("screen");
  } catch {
    // Battery saver says no: the screen may sleep, the event goes on.
  }
}
if (page) {
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}
