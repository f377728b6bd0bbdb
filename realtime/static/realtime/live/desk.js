// The desk: draws each `desk` frame into the page the server has made, sends what the host presses.
import { clock, number } from "../../js/format.js";
import { command, countWords, find, link, now, page, paintNext, paintRing, press, say, setText, sure, words } from "./host.js";
import { paintBell } from "./desk_bell.js";
import "./desk_crowd.js";
import { paintLoose, roster } from "./desk_roster.js";

const six = [...document.querySelectorAll("template[data-mark]")];
const BOARDS = new Set(["board", "rescue", "podium", "ended"]);

// ------------------------------------------------------------------------------------------ the question
function badge(text, kind = "") {
  const mark = document.createElement("span");
  mark.className = `badge ${kind}`;
  mark.textContent = text;
  return mark;
}

function paintQuestion(frame) {
  const { question, reveal, key } = frame;
  setText(find("count"), frame.phase === "lobby" ? "" : countWords(frame));
  setText(find("stem"), question?.stem ?? "");
  const resting = BOARDS.has(frame.phase);
  const tags = [];
  if (question?.practice) tags.push(badge(say("practice"), "badge-plum"));
  if (question && frame.event.mode === "bell" && question.stakes !== "out") tags.push(badge(words.stakes?.[question.stakes] ?? question.stakes, "badge-warn"));
  if (question && question.play !== "quiz") tags.push(badge(words.plays?.[question.play] ?? question.play, "badge-info"));
  find("tags").replaceChildren(...tags);
  paintOptions(resting ? null : question, reveal, key);
  const told = resting ? "" : reveal?.text || key?.text || "";
  find("answer").hidden = !told || !question;
  setText(find("answer-text"), told);
  const why = reveal && !resting ? [reveal.explanation, reveal.citation].filter(Boolean).join("\n") : "";
  find("why").hidden = !why;
  setText(find("why"), why);
  const near = resting ? [] : reveal?.nearest ?? [];
  find("nearest").hidden = !near.length;
  setText(find("nearest-text"), near.map((one) => `${one.name} (${one.text})`).join(", "));
  const cloud = find("cloud");
  cloud.hidden = !reveal?.cloud?.length;
  cloud.replaceChildren(...(reveal?.cloud ?? []).map((word) => item(`${word.text} · ${number(word.n)}`)));
}

function paintOptions(question, reveal, key) {
  const list = find("options");
  const options = question?.options ?? [];
  const marked = question && ["single", "multiple", "boolean"].includes(question.kind); // an order has no right option
  const right = new Set(marked ? (reveal ? reveal.right : key?.ids ?? []) : []);
  const all = reveal ? Object.values(reveal.counts).reduce((sum, n) => sum + n, 0) + reveal.none : 0;
  list.replaceChildren(...options.map((option, index) => {
    const li = find("option-template").content.firstElementChild.cloneNode(true);
    li.dataset.option = "abcdef"[index % 6];
    li.prepend(six[index % 6].content.firstElementChild.cloneNode(true));
    li.querySelector(".option-text").textContent = option.text;
    if (reveal && right.has(option.id)) li.dataset.state = "right";
    else if (right.has(option.id)) li.dataset.key = "";
    if (reveal) {
      const count = reveal.counts[option.id] ?? 0;
      li.querySelector(".option-note").textContent = number(count);
      const share = document.createElement("span");
      share.className = "option-share";
      share.style.setProperty("--share", all ? count / all : 0);
      li.append(share);
    }
    return li;
  }));
}

function item(text) {
  const li = document.createElement("li");
  li.textContent = text;
  return li;
}

// ------------------------------------------------------------------------------------------ counts, lobby, board
function paintCounts({ answered, of, online, players }) {
  setText(find("online"), number(online));
  setText(find("players"), number(players));
  setText(find("players-word"), say("players", { n: number(players) }).replace(number(players), "").trim());
  setText(find("answered"), say("answered", { n: number(answered), of: number(of) }));
  const bar = find("answered-bar");
  bar.max = Math.max(1, of);
  bar.value = answered;
  setText(find("lobby-words"), players ? say("players", { n: number(players) }) : say("nobody"));
}

function paintNames(names) {
  find("names").replaceChildren(...names.slice(-60).reverse().map((name) => item(name)));
}

function paintBoard(frame) {
  const board = find("board");
  const shows = BOARDS.has(frame.phase);
  const rows = frame.event.mode === "team" && frame.teams.length ? frame.teams : frame.board;
  const won = new Set(["podium", "ended"].includes(frame.phase) ? frame.winners : []);
  board.hidden = !shows || !rows.length;
  board.replaceChildren(...rows.map((row) => {
    const li = document.createElement("li");
    li.className = "board-row";
    li.dataset.rank = row.rank;
    const cell = (name, text, small = "") => {
      const box = document.createElement("span");
      box.className = name;
      const strong = document.createElement(name === "board-who" ? "span" : "b");
      strong.textContent = text;
      if (name === "board-who") strong.className = "name";
      box.append(strong);
      if (small) {
        const note = document.createElement("span");
        note.className = "board-unit";
        note.textContent = small;
        box.append(note);
      }
      return box;
    };
    li.append(cell("board-rank", String(row.rank)), cell("board-who", row.name, won.has(row.key) ? say("winner") : row.team || (row.tied ? say("tied") : "")), cell("board-points", number(row.points)));
    return li;
  }));
}

// ------------------------------------------------------------------------------------------ names that wait
function paintWaiting(frame) {
  const home = find("waiting"), { length } = frame.players_waiting, total = frame.players_waiting_total;
  home.hidden = !total;
  setText(find("waiting-total"), total > length ? say("first_of", { n: number(length), of: number(total) }) : "");
  find("waiting-list").replaceChildren(...frame.players_waiting.map((one) => {
    const li = document.createElement("li"), name = document.createElement("span"), tools = document.createElement("span");
    name.className = "name";
    name.textContent = one.name;
    tools.className = "cluster";
    for (const [allow, label] of [[true, say("approve")], [false, say("refuse_name")]]) {
      const button = document.createElement("button");
      button.className = "btn btn-icon";
      button.type = "button";
      button.title = label;
      button.append(find(allow ? "yes" : "no").content.cloneNode(true));
      button.setAttribute("aria-label", `${label}: ${one.name}`);
      button.dataset.act = "rename";
      button.dataset.data = JSON.stringify({ player: one.key, approve: allow });
      tools.append(button);
    }
    li.append(name, tools);
    return li;
  }));
}

find("approve-all")?.addEventListener("click", async ({ currentTarget }) => {
  const { players_waiting: shown, players_waiting_total: total } = now.frame;
  // Those that are read are approved; names nobody can see here only after a question.
  if (total <= shown.length) await command("rename", { players: shown.map((one) => one.key), approve: true });
  else if (await sure("duyet-het", { n: number(total) })) await command("rename", { all: "waiting", approve: true });
});

// ------------------------------------------------------------------------------------------ buttons and log
function paintButtons(frame) {
  const allowed = new Set(frame.actions);
  for (const button of document.querySelectorAll("[data-act]")) {
    const action = button.dataset.flip && frame.locked ? button.dataset.flip : button.dataset.act;
    if (button === find("next") || !button.closest(".desk-do, .desk-bell, .desk-rescue, .desk-end")) continue;
    button.disabled = !allowed.has(button.dataset.flip ? action : button.dataset.act);
  }
  const pause = document.querySelector('[data-act="pause"]');
  pause.hidden = frame.paused;
  const lock = document.querySelector("[data-flip]");
  const flip = lock.querySelector("[data-flip-words]");
  flip.dataset.plain ??= flip.textContent;
  setText(flip, frame.locked ? flip.dataset.flipWords : flip.dataset.plain);
  const auto = document.querySelector('[data-act="auto"]');
  auto.setAttribute("aria-pressed", String(frame.auto));
  auto.dataset.data = JSON.stringify({ on: !frame.auto });
  for (const button of document.querySelectorAll("[data-act-needs]")) button.disabled = !allowed.has(button.dataset.actNeeds);
  find("paused").hidden = !frame.paused;
  find("locked").hidden = !frame.locked;
  setText(find("phase-name"), words.phases[frame.phase] ?? frame.phase);
  const report = find("report"); // when all is over, the next thing to do is to read it
  if (report) {
    report.hidden = !["ended", "aborted"].includes(frame.phase);
    find("next").hidden = !report.hidden;
  }
}

// "Khóa sảnh" and "Mở khóa sảnh" are one button.
document.querySelector("[data-flip]")?.addEventListener("click", (event) => {
  if (!now.frame?.locked) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  command(event.currentTarget.dataset.flip);
}, { capture: true });

function paintLog(frame) {
  if (!frame.log.length) return;
  find("log").replaceChildren(...[...frame.log].sort((a, b) => b.at - a.at).map((line) => {
    const li = document.createElement("li"), time = document.createElement("time"), who = document.createElement("b");
    const at = new Date(line.at);
    time.dateTime = at.toISOString();
    time.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
    who.className = "name";
    who.textContent = words.names[line.who] ?? say("system");
    li.append(time, " ", who, ` ${words.actions[line.action] ?? line.action}`);
    return li;
  }));
}

function paintAuto() {
  const frame = now.frame, home = find("auto-in");
  if (!home) return;
  const left = frame?.next_at && !frame.paused && frame.phase !== "open" && frame.phase !== "intro" ? Math.ceil((frame.next_at - link.now()) / 1000) : 0;
  home.hidden = left <= 0;
  if (left > 0) setText(home, say("auto_in", { n: clock(left) }));
}

// ------------------------------------------------------------------------------------------ drawing it all
function paint(frame) {
  page.dataset.phase = frame.phase;
  paintNext(frame);
  paintButtons(frame);
  paintQuestion(frame);
  paintRing(find("ring-home"), frame);
  paintCounts(frame);
  find("answers").hidden = !["open", "locked"].includes(frame.phase);
  find("lobby").hidden = frame.phase !== "lobby" && frame.phase !== "draft";
  paintNames(frame.names);
  paintBoard(frame);
  paintBell(frame);
  paintWaiting(frame);
  paintLog(frame);
  paintLoose(frame.phase);
  paintAuto();
  find("question").hidden = !frame.question;
  find("how").hidden = !frame.join;
  if (frame.join) {
    setText(find("pin"), frame.join.pin);
    setText(find("how-pin"), frame.join.pin);
    const url = new URL(frame.join.url, location.href);
    setText(find("how-url"), `${url.host}${url.pathname}`.replace(/\/$/, ""));
  }
  const upcoming = find("upcoming");
  upcoming.hidden = !frame.upcoming || frame.podium;
  if (frame.upcoming) setText(find("upcoming-text"), frame.upcoming.stem);
  roster(`${frame.seq}/${frame.players}`);
}

if (page) {
  link.addEventListener("stage", ({ detail }) => paint(detail));
  link.addEventListener("count", ({ detail }) => {
    paintCounts(detail);
    if (now.frame?.phase === "lobby" && detail.names.length) {
      now.frame.names = [...new Set([...now.frame.names, ...detail.names])].slice(-60); // a name may come by both
      paintNames(now.frame.names);
    }
    roster(`${now.frame?.seq}/${detail.players}`);
  });
  setInterval(paintAuto, 500);

  // ---------------------------------------------------------------------------------------- key hidden on this machine, keyboard
  const KEY = "thiso.desk.key";
  const veil = (on) => {
    page.toggleAttribute("data-veiled", on);
    const button = find("toggle-key"), text = button.querySelector("[data-show]");
    button.setAttribute("aria-pressed", String(!on));
    setText(text, on ? text.dataset.show : text.dataset.hide);
    try { localStorage.setItem(KEY, on ? "veiled" : ""); } catch { /* private mode */ }
  };
  let veiled = false;
  try { veiled = localStorage.getItem(KEY) === "veiled"; } catch { /* private mode */ }
  veil(veiled);
  const toggleKey = () => veil(!page.hasAttribute("data-veiled"));
  find("toggle-key").addEventListener("click", toggleKey);
  const full = find("fullscreen");
  full.hidden = !document.documentElement.requestFullscreen;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  const keys = {
    arrowright: () => press(find("next")), pagedown: () => press(find("next")),
    p: () => press(now.frame?.paused ? find("next") : document.querySelector('[data-act="pause"]')),
    "+": () => press(document.querySelector('[data-act="extend"]')), "=": () => press(document.querySelector('[data-act="extend"]')),
    e: () => press(document.querySelector('[data-act="end_now"]')), k: toggleKey,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  link.start();
}
