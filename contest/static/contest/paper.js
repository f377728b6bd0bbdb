// The paper: every question is already in the page; a tap is an answer, an answer is saved, and the page says so.
// Without this file the same page works as one form per question.
import { setAnswered, syncRing } from "../js/ring.js";
import { net } from "../js/net.js";
import { Finish } from "./finish.js";
import { isCopy, keepPaper } from "./kept.js";
import { readAnswer, servedAnswer, writeAnswer } from "./fields.js";
import { orderable } from "./ordering.js";
import { forgetOld, Outbox, same } from "./outbox.js";
import { startShortcuts } from "./shortcuts.js";

const PAUSE_MS = 700;

const root = document.querySelector("[data-paper]");
const config = JSON.parse(document.getElementById("paper-config").textContent);
const { words } = config;
const sections = [...root.querySelectorAll("[data-question]")];
const steps = [...root.querySelectorAll("[data-step]")]; // questions, then the prediction, then handing in
const map = new Map([...document.querySelectorAll("[data-map] [data-go]")].map((a) => [Number(a.dataset.go), a]));
const ring = root.querySelector("[data-ring]");
const heard = root.querySelector("[data-heard]");
forgetOld();
const outbox = new Outbox({ attempt: config.attempt, token: config.token, seq: config.seq, url: config.answer_url });
const seqs = new Map(sections.map((section) => [Number(section.dataset.position), Number(section.dataset.seq)]));
const flags = new Set(outbox.flags ?? config.flags);

// --- what each question shows ------------------------------------------------------------------------------------
const positionOf = (section) => Number(section.dataset.position);
const sectionAt = (position) => sections.find((section) => positionOf(section) === position);

function mark(section, state) {
  section.dataset.state = state;
  let chosen = 0;
  for (const option of section.querySelectorAll(".option")) {
    const mine = option.querySelector("input").checked;
    chosen += mine;
    option.toggleAttribute("data-chosen", mine); // for browsers that do not know :has()
    option.dataset.state = mine && (state === "saving" || state === "saved") ? state : "idle";
    option.querySelector(".option-note").textContent = mine ? words[state] ?? "" : "";
  }
  const note = section.querySelector("[data-save-note]");
  // Beside the choice where there is one; below the field, the list or the error otherwise.
  note.textContent = chosen && state !== "bad" ? "" : words[state] ?? "";
  note.dataset.state = state;
  section.querySelector("[data-clear]").hidden = !readAnswer(section);
}

function restful(section) {
  return readAnswer(section) ? "saved" : "idle";
}

function count() {
  const missing = sections.filter((section) => !readAnswer(section) || section.dataset.state === "bad").map((section) => positionOf(section) + 1);
  const done = sections.length - missing.length;
  if (ring) setAnswered(ring, done, sections.length);
  for (const place of document.querySelectorAll("[data-answered-count]")) {
    place.textContent = words.count.replace("{n}", done).replace("{total}", sections.length);
  }
  for (const section of sections) {
    const number = positionOf(section) + 1, link = map.get(number);
    if (!link) continue;
    const answered = !missing.includes(number), flagged = flags.has(number);
    link.dataset.state = answered ? "answered" : "empty";
    link.toggleAttribute("data-flag", flagged);
    link.setAttribute("aria-label", [words.question.replace("{n}", number), answered ? words.answered : words.empty, flagged ? words.flagged : ""].filter(Boolean).join(", "));
    const button = section.querySelector("[data-flag-button]");
    button.setAttribute("aria-pressed", String(flagged));
    button.querySelector("[data-flag-text]").textContent = flagged ? words.unflag : words.flag;
  }
  finish.tell({ total: sections.length, missing, flagged: [...flags].sort((a, b) => a - b) });
}

// --- answering ---------------------------------------------------------------------------------------------------
function answer(section) {
  if (outbox.stopped) return;
  const position = positionOf(section), response = readAnswer(section);
  clearTimeout(section.pause);
  if (same(response, section.sent ?? "")) return;
  section.sent = response;
  seqs.set(position, outbox.put(position, response));
  mark(section, net.online ? "saving" : "kept");
  count();
}

outbox.addEventListener("ack", ({ detail: { position, code, saved, sent } }) => {
  const section = sectionAt(position);
  if (!section || outbox.waiting.some(([other]) => other === position)) return; // a newer choice is under way
  if (code === "bad_answer") {
    mark(section, "bad");
    heard.textContent = words.bad;
    section.sent = {}; // unlike anything that can be sent: the next try goes out, also a cleared field
  } else {
    // The server says what it holds; after a second tab or device that may be another answer than this page's.
    if (!same(saved, sent) && !["numeric", "short"].includes(section.dataset.kind)) {
      writeAnswer(section, saved);
      if (code !== "saved") resync();
    }
    section.sent = readAnswer(section);
    mark(section, section.sent ? "saved" : "cleared");
    heard.textContent = `${words.question.replace("{n}", position + 1)}: ${words.saved}`;
  }
  count();
});
outbox.addEventListener("clock", ({ detail: { now, deadline } }) => {
  if (ring) syncRing(ring, deadline ? { now: now / 1000, deadline: deadline / 1000 } : { now: now / 1000 });
});
outbox.addEventListener("moved", () => { outbox.stop(); document.getElementById("noi-khac").showModal(); });
outbox.addEventListener("closed", () => location.replace(config.result_url));
outbox.addEventListener("late", () => finish.submit({ auto: true }));

root.addEventListener("change", (event) => {
  const section = event.target.closest("[data-question]");
  if (section && !event.target.closest("[data-order]")) answer(section);
});
root.addEventListener("input", (event) => {
  const section = event.target.closest("[data-question]");
  if (!section || !event.target.matches("input:not([type=radio], [type=checkbox])")) return;
  mark(section, "typing");
  clearTimeout(section.pause);
  section.pause = setTimeout(() => answer(section), PAUSE_MS);
});
for (const section of sections) {
  const order = section.querySelector("[data-order]");
  if (order) orderable(order, () => answer(section));
}

// --- going from question to question -----------------------------------------------------------------------------
const stepOf = (name) => steps.find((step) => step.dataset.step === String(name));
let here = steps.find((step) => !step.hidden) ?? steps[0];

function show(step, { push = true, focus = true } = {}) {
  if (!step) return;
  const typing = here.closest("[data-question]");
  if (typing) answer(typing); // what was being typed
  for (const other of steps) other.hidden = other !== step;
  here = step;
  for (const [number, link] of map) {
    if (String(number) === step.dataset.step) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  root.querySelector("[data-here]").textContent = step.dataset.name;
  if (push) history.pushState({ step: step.dataset.step }, "", step.dataset.step === "nop" ? "?c=nop" : `?c=${step.dataset.step}`);
  scrollTo(0, 0);
  if (focus) step.focus({ preventScroll: true });
}

const beside = (by) => steps[steps.indexOf(here) + by];

root.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-question-form], [data-prediction-form]")) return;
  event.preventDefault();
  if (event.target.matches("[data-prediction-form]")) prediction?.send();
  event.submitter?.removeAttribute("aria-busy");
  show(beside(1));
});
document.addEventListener("click", (event) => {
  const go = event.target.closest("[data-go]");
  if (go && stepOf(go.dataset.go)) {
    event.preventDefault();
    go.closest("dialog")?.close();
    show(stepOf(go.dataset.go));
    return;
  }
  const section = event.target.closest("[data-question]");
  if (!section) return;
  if (event.target.closest("[data-flag-button]")) {
    event.preventDefault();
    flag(section);
  } else if (event.target.closest("[data-clear]")) {
    event.preventDefault();
    writeAnswer(section, "");
    answer(section);
  }
});
addEventListener("popstate", (event) => {
  const step = stepOf(event.state?.step ?? new URLSearchParams(location.search).get("c") ?? 1);
  for (const dialog of document.querySelectorAll("dialog[open]:not([data-final])")) dialog.close();
  show(step, { push: false });
});

function flag(section) {
  const number = positionOf(section) + 1;
  if (!flags.delete(number)) flags.add(number);
  outbox.flags = [...flags];
  heard.textContent = `${words.question.replace("{n}", number)}: ${flags.has(number) ? words.flagged : words.unflagged}`;
  count();
}

// --- the prediction ----------------------------------------------------------------------------------------------
function startPrediction() {
  const form = root.querySelector("[data-prediction-form]");
  if (!form) return null;
  const input = form.querySelector("[name=prediction]"), note = form.querySelector("[data-save-note]");
  const carried = root.querySelector("[data-finish-form] [name=prediction]");
  if (isCopy && outbox.prediction !== null) input.value = carried.value = outbox.prediction;
  let pause = 0, sent = input.value.trim();
  const send = async () => {
    clearTimeout(pause);
    const value = input.value.trim();
    carried.value = value;
    count();
    if (value === sent) return;
    sent = value;
    note.textContent = words.saving;
    note.dataset.state = "saving";
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await fetch(form.action, {
        method: "POST", body, credentials: "same-origin", cache: "no-store", keepalive: true,
        headers: { Accept: "application/json", "X-CSRFToken": body.get("csrfmiddlewaretoken") },
      });
      const reply = await response.json();
      note.textContent = response.ok ? words.saved : reply.message ?? words.bad;
      note.dataset.state = response.ok ? "saved" : "bad";
      if (!response.ok) sent = null;
      else outbox.prediction = value;
    } catch {
      // It goes along with the paper when that is handed in.
      note.textContent = words.kept;
      note.dataset.state = "kept";
      sent = null;
    }
  };
  input.addEventListener("input", () => {
    carried.value = input.value.trim();
    clearTimeout(pause);
    pause = setTimeout(send, PAUSE_MS);
  });
  input.addEventListener("change", send);
  net.addEventListener("online", send);
  return { send };
}

// --- time, network, leaving --------------------------------------------------------------------------------------
const finish = new Finish({
  root, config, outbox,
  answers: () => sections.map((section) => [positionOf(section), seqs.get(positionOf(section)), readAnswer(section)])
    .filter(([position, seq, response]) => response !== "" || seq > Number(sectionAt(position).dataset.seq)),
});
const prediction = startPrediction();

ring?.addEventListener("ring:over", () => {
  for (const section of sections) if (section.pause) answer(section);
  finish.submit({ auto: true });
});

net.addEventListener("offline", () => {
  for (const [position] of outbox.waiting) mark(sectionAt(position), "kept");
});
net.addEventListener("online", () => {
  for (const [position] of outbox.waiting) mark(sectionAt(position), "saving");
  outbox.flush();
});

async function resync() {
  outbox.flush();
  try {
    const response = await fetch(config.state_url, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const state = await response.json();
    if (state.code === "closed") location.replace(config.result_url);
    else if (state.code === "moved") outbox.dispatchEvent(new CustomEvent("moved", { detail: {} }));
    else if (ring) syncRing(ring, { now: state.server_now / 1000, deadline: state.deadline / 1000 });
  } catch { /* offline: the strip says so */ }
}
function lastWord() {
  if (here.matches("[data-question]")) answer(here); // what was being typed
  prediction?.send();
  outbox.lastWord();
}
document.addEventListener("visibilitychange", () => (document.hidden ? lastWord() : resync()));
addEventListener("pageshow", (event) => { if (event.persisted) resync(); });
addEventListener("pagehide", lastWord);
addEventListener("beforeunload", (event) => {
  // Only where something could be lost from sight; it is kept on this machine in any case.
  if (outbox.waiting.length && !outbox.stopped) event.preventDefault();
});

// --- begin -------------------------------------------------------------------------------------------------------
root.dataset.live = "";
for (const section of sections) section.sent = servedAnswer(section);
if (isCopy) {
  for (const [position, seq, response] of outbox.saved) {
    const section = sectionAt(position);
    if (!section || seq <= seqs.get(position)) continue;
    writeAnswer(section, response ?? "");
    section.sent = readAnswer(section);
    seqs.set(position, seq);
  }
  if (ring) syncRing(ring, { now: (Date.now() + outbox.skew) / 1000 });
} else if (ring) outbox.skew = Number(ring.dataset.now) * 1000 - Date.now();
for (const [position, seq, response] of outbox.waiting) {
  const section = sectionAt(position);
  if (!section) continue;
  writeAnswer(section, response);
  section.sent = response;
  seqs.set(position, Math.max(seq, seqs.get(position)));
}
const waiting = new Set(outbox.waiting.map(([position]) => position));
for (const section of sections) {
  mark(section, waiting.has(positionOf(section)) ? "saving" : restful(section));
  if (!waiting.has(positionOf(section))) answer(section); // tapped before this script was there: not saved yet
}
history.replaceState({ step: here.dataset.step }, "");
show(stepOf(new URLSearchParams(location.search).get("c")) ?? here, { push: false, focus: false });
count();
keepPaper();
startShortcuts({ root, here: () => here, go: (by) => show(beside(by)), flag });
outbox.flush();
