// A player's phone. Every frame is the whole state: the page draws the screen that tells it, and keeps nothing but the seat
// token and an answer the server has not confirmed. Small on purpose: it must come over 3G and run on an old phone.
import { Dial } from "./dial.js";
import { find, number, set, wordsOf, write } from "./dom.js";
import { Link } from "./link.js";
import { Ask } from "./play_ask.js";
import { joinScreen } from "./play_join.js";
import { screens } from "./play_screens.js";

const WORRY = 1500;                // ms without a connection before it is said
const QUIET = 9000;                // ms without an answer to a poll: then it is a lost network
const SPOKEN = [60, 30, 10];       // seconds left that are read out
const room = JSON.parse(document.getElementById("phong").textContent);
const t = wordsOf("tu-ngu");
const home = find("#san"), KEY = `thiso.choi.${room.event}`;

// ---------------------------------------------------------------------------------- what this phone keeps
const memory = {};
function kept() {
  try { return JSON.parse(localStorage.getItem(KEY) || "{}"); } catch { return memory; }
}
function keep(change) {
  Object.assign(memory, kept(), change);
  try { localStorage.setItem(KEY, JSON.stringify(memory)); } catch { /* private mode: as long as the page lives */ }
}
const invited = new URLSearchParams(location.hash.slice(1)).get("v");
if (invited) keep({ token: invited, pending: null });
if (new URLSearchParams(location.search).has("moi")) keep({ token: "", pending: null });
if (location.pathname !== room.path || location.hash || location.search) history.replaceState(null, "", room.path);

const link = new Link({ event: room.event, role: "play", greet: () => (watching ? [{ type: "watch" }] : []) });
link.token = kept().token || "";
let watching = false, frame = null, shown = "", before = null, away = "", banned = false;
const ask = new Ask({ t, send });
const dial = new Dial({ now: () => link.now() });
find("[data-ring]").append(dial.el);
dial.el.setAttribute("aria-label", t("time_left"));

// ---------------------------------------------------------------------------------- said aloud, felt
const hear = (text, now = false) => {
  const el = find(now ? "[data-hear-now]" : "[data-hear]");
  el.textContent = "";
  setTimeout(() => { el.textContent = text; }, 60); // the same words twice are read twice
};
const shake = find("[data-vibrate]");
shake.checked = kept().shake !== false;
shake.addEventListener("change", () => keep({ shake: shake.checked }));
shake.closest("label").hidden = !navigator.vibrate;
const buzz = (pattern) => { if (shake.checked) navigator.vibrate?.(pattern); };

let lock = null;
async function stayAwake() {
  if (!link.token || document.hidden || lock) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => { lock = null; });
  } catch { /* low battery, or not allowed: nothing depends on it */ }
}
document.addEventListener("visibilitychange", stayAwake);

// ---------------------------------------------------------------------------------- screens
/** Which screen tells this state. */
function screenOf({ phase, you, paused }) {
  if (away) return away;
  if (you && (you.status === "kicked" || you.status === "banned")) return "kicked";
  if (["podium", "ended", "aborted"].includes(phase)) return "result";
  if (!you && !watching) return link.token ? "loading" : "join";
  if (paused && (phase === "open" || phase === "intro")) return "paused";
  switch (phase) {
    case "intro": case "locked": case "reveal": case "board": case "rescue": return phase;
    case "open": return you && you.status !== "spectator" && (you.status === "in" || you.ghost || you.answered || you.status === "reserve") ? "ask" : "look";
    default: return "lobby";
  }
}

const context = { t, room, link, ask, hear, buzz, now: () => link.now(), get before() { return before; }, get watching() { return watching; }, get banned() { return banned || frame?.you?.status === "banned"; }, watch, leave };

function draw() {
  if (!frame && !away && link.token) return;
  const screen = frame || away ? screenOf(frame ?? {}) : "join";
  const state = screen === "join" ? screen : `${screen}/${frame?.instance ?? 0}`;
  top(screen);
  if (screen === "ask") {
    if (shown !== state) place(ask.open(frame));
    ask.update(frame);
  } else if (screen === "join") {
    if (shown !== state) place(joinScreen(context));
  } else place(screens[screen](frame, context));
  if (shown !== state) {
    const lost = document.activeElement === document.body;
    if (shown && lost) find("h2", home)?.focus({ preventScroll: true });
    if (shown) scrollTo(0, 0);
    tell(screen);
  }
  shown = state;
  set(home, { "data-screen": screen });
}

function place(el) {
  // The same words stay the same elements: nothing flickers and nothing is read twice.
  if (el !== home.firstElementChild && !(home.firstElementChild?.isEqualNode(el) && home.children.length === 1)) home.replaceChildren(el);
}

function top(screen) {
  const f = frame, you = f?.you;
  const asking = f && f.index >= 0 && ["intro", "ask", "look", "locked", "reveal", "board", "rescue", "paused"].includes(screen);
  document.body.classList.toggle("asking", Boolean(asking));
  write(find("[data-title]"), asking ? t("question_n", { n: f.index + 1, total: f.total }) : f?.event.title ?? find("[data-title]").textContent);
  const counting = asking && (f.phase === "open" || f.phase === "intro") && f.closes_at;
  find("[data-ring]").hidden = !counting;
  if (counting && f.phase === "open") dial.count({ from: f.opens_at, to: f.closes_at, frozen: f.paused ? f.paused_at : 0 });
  else if (counting) dial.count({ from: f.opens_at - 4000, to: f.opens_at, frozen: f.paused ? f.paused_at : 0 });
  else dial.stop();
  const mine = find("[data-mine]");
  mine.hidden = !you || screen === "join" || screen === "kicked" || screen === "result";
  if (!mine.hidden) {
    write(find("[data-name]"), you.seat ? `${you.seat} · ${you.name}` : you.name);
    const bell = f.event.mode === "bell";
    write(find("[data-points]"), frame.phase === "lobby" || (bell && you.status === "in") ? "" : bell && you.ghost ? `${t("ghost")} · ${number(you.points)}` : t("points_n", { n: number(you.points) }));
  }
  find("[data-copy]").hidden = !link.token;
  find("[data-other]").hidden = !link.token;
}

/** What a screen reader is told when the screen changes. */
function tell(screen) {
  const heading = find("h2", home)?.textContent ?? "";
  const more = screen === "reveal" || screen === "intro" ? (find("[data-say]", home)?.innerText ?? "").replace(/\s*\n\s*/g, ". ") : "";
  if (screen === "ask") hear(`${t("question_n", { n: frame.index + 1, total: frame.total })}. ${frame.question.stem || t("on_wall")}`);
  else if (heading) hear(`${heading}. ${more}`);
  if (screen === "ask") buzz(30);
  if (screen === "reveal" && frame.you && frame.you.right !== null) buzz(frame.you.right >= 1000 ? [40, 60, 40] : 120);
}

dial.addEventListener("second", ({ detail: { seconds, before: last } }) => {
  if (frame?.phase !== "open") return;
  for (const mark of SPOKEN) if (last !== null && last > mark && seconds <= mark) hear(t(`left_${mark}`), mark === 10);
});
dial.addEventListener("over", () => { if (frame?.phase === "open") ask.timeUp(); });

// ---------------------------------------------------------------------------------- answers
function send(response, bet) {
  keep({ pending: { instance: frame.instance, response, bet } });
  link.answer(frame.instance, response, bet);
  buzz(15);
}

link.addEventListener("ack", ({ detail: { instance, code } }) => {
  if (!frame || instance !== frame.instance) return;
  if (code === "busy") return; // it is sent again by itself
  keep({ pending: null });
  if (code === "saved" || code === "duplicate") {
    ask.received();
    hear(t("received"));
    buzz(20);
  } else {
    const words = { late: "late", closed: "late", bad_answer: "bad_answer" }[code] ?? "not_counted";
    ask.refused(words, code === "bad_answer");
    hear(t(words), true);
  }
});

// ---------------------------------------------------------------------------------- the link
link.addEventListener("stage", ({ detail }) => {
  before = frame;
  frame = detail;
  const { pending } = kept();
  // A reload, a locked phone, a lost network: what was tapped before goes out again, until the server has said something.
  if (pending) {
    if (pending.instance !== frame.instance || frame.you?.answered) keep({ pending: null });
    else if (frame.phase === "open" && !link.answering) link.answer(pending.instance, pending.response, pending.bet);
    if (pending.instance === frame.instance) ask.remember(pending);
  }
  draw();
});
link.addEventListener("seat", ({ detail }) => {
  keep({ token: detail.token });
  away = "";
  stayAwake();
  if (link.state === "polling") link.pollNow();
});
link.addEventListener("denied", ({ detail }) => {
  if (detail.code === "kicked" || detail.code === "banned") sentOut(detail.code);
  else if (link.token && detail.code === "bad_token") {
    link.token = "";
    keep({ token: "", pending: null });
    shown = "";
  }
  if (screenNow() === "join") {
    if (shown !== "" && home.dataset.screen !== "join") draw();
    home.firstElementChild?.dispatchEvent(new CustomEvent("denied", { detail }));
  } else draw();
});
link.addEventListener("bye", ({ detail }) => { if (detail.reason === "kicked" || detail.reason === "banned") sentOut(detail.reason); });
/** A kick is not a ban: who was kicked may press the button again. */
function sentOut(how) {
  away = "kicked";
  banned = how === "banned";
}
const screenNow = () => (frame || away ? screenOf(frame ?? {}) : link.token ? "loading" : "join");

const strip = find("[data-net]");
let worry = 0, heard = -Infinity;
function connection() {
  clearTimeout(worry);
  // Polling says nothing about the network: only an answer does.
  const fine = link.state === "live" || (link.state === "polling" && performance.now() - heard < QUIET);
  if (link.state === "gone" && !away && frame?.phase !== "ended") {
    away = "gone";
    draw();
  }
  if (fine) {
    if (!strip.hidden) {
      if (strip.dataset.state !== "back") set(strip, { "data-state": "back" });
      write(strip, t("back"));
      worry = setTimeout(() => { strip.hidden = true; }, 2000);
    }
  } else if (!away) worry = setTimeout(() => {
    strip.hidden = false;
    set(strip, { "data-state": "off" });
    write(strip, t(frame ? "offline" : "connecting"));
    ask.offline();
  }, WORRY);
}
link.addEventListener("state", () => {
  heard = -Infinity;
  connection();
});
link.addEventListener("stage", () => {
  heard = performance.now();
  connection();
});
setInterval(() => { if (link.state === "polling") connection(); }, 3000);
addEventListener("offline", connection);

function watch() {
  watching = true;
  link.say("watch");
  draw();
}
/** Forget the seat on this phone (the seat itself stays with the event). */
function leave() {
  keep({ token: "", pending: null });
}

// ---------------------------------------------------------------------------------- keyboard, menu
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || home.dataset.screen !== "ask") return;
  if (event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, details")) return;
  const key = event.key.toLowerCase();
  const index = "123456".indexOf(key) >= 0 ? Number(key) - 1 : "abcdef".indexOf(key);
  if (key.length === 1 && index >= 0 && ask.pick(index)) event.preventDefault();
});
find("[data-copy]").addEventListener("click", async (event) => {
  const url = `${location.origin}${room.path}#v=${link.token}`;
  try {
    await navigator.clipboard.writeText(url);
    write(event.target, t("copied"));
  } catch {
    prompt(t("copy_link"), url); // in a hall without TLS a page may not write to the clipboard
  }
});
document.addEventListener("click", (event) => {
  const menu = find("[data-menu]");
  if (menu.open && !menu.contains(event.target)) menu.open = false;
});

if (room.ended && !link.token) away = "over";
connection();
draw();
link.start();
stayAwake();
