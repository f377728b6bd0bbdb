// The desk: draws each `desk` frame into the page the server has made, sends what the host presses.
import { clock, number } from "../../js/format.js";
import { toast } from "../../js/ui.js";
import { command, countWords, find, link, now, page, paintNext, paintRing, press, say, setText, sure, words } from "./host.js";
import { paintSeats } from "./seats.js";
import "./desk_crowd.js";
import { openJudge, ruledBy } from "./desk_judge.js";

const ROSTER_REST = 1500; // ms between two looks at the list of players
const SENT_OUT = { kick: "moi-mot", ban: "chan-mot" }; // what sends somebody out, and the dialog that asks first
const six = [...document.querySelectorAll("template[data-mark]")];
const BOARDS = new Set(["board", "rescue", "podium", "ended"]);
const rosterHome = find("roster-home");
const picked = new Set();

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
    li.append(cell("board-rank", String(row.rank)), cell("board-who", row.name, row.team || (row.tied ? say("tied") : "")), cell("board-points", number(row.points)));
    return li;
  }));
}

// ------------------------------------------------------------------------------------------ golden bell
function paintBell(frame) {
  const bell = find("bell");
  bell.hidden = !frame.seats;
  if (frame.seats) {
    paintSeats(find("seats"), frame.seats);
    const text = say("standing", { n: number(frame.standing) });
    setText(find("standing"), text);
    find("seats").setAttribute("aria-label", text);
  }
  const allowed = new Set(frame.actions);
  document.querySelector('[data-act="lifeline"]').hidden = !(allowed.has("lifeline") && frame.standing === 1);
  find("to-rescue").hidden = !allowed.has("rescue") || !!frame.rescue;
  const rescue = find("rescue");
  rescue.hidden = !frame.rescue;
  if (!frame.rescue) {
    picked.clear();
    return;
  }
  const known = new Set(frame.rescue.candidates.map((one) => one.key));
  for (const key of [...picked]) if (!known.has(key)) picked.delete(key);
  setText(find("rescue-quota"), frame.rescue.quota ? say("quota", { n: frame.rescue.quota }) : say("no_quota"));
  const { total, candidates } = frame.rescue;
  find("rescue-n").max = Math.max(1, total);
  setText(find("rescue-total"), total > candidates.length ? say("first_of", { n: number(candidates.length), of: number(total) }) : "");
  find("candidates").replaceChildren(...frame.rescue.candidates.map((one) => {
    const li = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input"), text = document.createElement("span");
    label.className = "check";
    box.type = "checkbox";
    box.value = one.key;
    box.checked = picked.has(one.key);
    const seat = one.seat ? `${one.seat} · ` : "";
    text.textContent = `${seat}${one.name}${one.unit ? ` · ${one.unit}` : ""}`;
    label.append(box, text);
    li.append(label);
    return li;
  }));
  paintPicked();
}

function paintPicked() {
  const button = find("rescue-go"), label = button.querySelector("[data-rescue-words]");
  label.dataset.none ??= label.textContent;
  const may = !!now.frame?.rescue?.quota && now.frame.actions.includes("rescue"), count = inOrder();
  button.disabled = !picked.size || !may;
  setText(label, picked.size ? say("back_to_floor", { n: picked.size }) : label.dataset.none);
  find("rescue-count").disabled = !may || !count || !now.frame.rescue.total;
  setText(find("rescue-count-words"), say("back_in_order", { n: count || 1 }));
}
/** How many the host typed, 0 while that is no number. */
function inOrder() {
  const field = find("rescue-n");
  return field.checkValidity() ? Math.max(0, Math.trunc(field.valueAsNumber) || 0) : 0;
}

find("candidates")?.addEventListener("change", ({ target }) => {
  if (target.checked) picked.add(target.value);
  else picked.delete(target.value);
  paintPicked();
});
find("rescue-n")?.addEventListener("input", paintPicked);
find("rescue-all")?.addEventListener("click", () => {
  find("rescue-n").value = now.frame?.rescue?.total || 1;
  paintPicked();
});
async function callBack(button, whom) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const result = await command("rescue", { by: find("rescue-by").value, ...whom });
  button.removeAttribute("aria-busy");
  if (result.ok) picked.clear();
  paintPicked();
}
// Who comes first is the server's to say: the rules' order, and a lot that can be drawn again.
find("rescue-count")?.addEventListener("click", ({ currentTarget }) => callBack(currentTarget, { count: inOrder() }));
find("rescue-go")?.addEventListener("click", ({ currentTarget }) => callBack(currentTarget, { players: [...picked] }));

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

// ------------------------------------------------------------------------------------------ the list of players
let rosterAt = 0, rosterTimer = 0, rosterFor = "";
async function loadRoster() {
  rosterAt = Date.now();
  try {
    const url = new URL(page.dataset.roster, location.href);
    const text = document.querySelector("[data-roster-form] input").value.trim();
    if (text) url.searchParams.set("q", text);
    const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    // A menu somebody holds open is not torn away.
    if (response.ok && !rosterHome.querySelector("details[open]")) rosterHome.innerHTML = await response.text();
  } catch {
    // No network: the connection line says so.
  }
}
function roster(key) {
  if (key === rosterFor) return;
  rosterFor = key;
  clearTimeout(rosterTimer);
  rosterTimer = setTimeout(loadRoster, Math.max(0, rosterAt + ROSTER_REST - Date.now()));
}
document.querySelector("[data-roster-form]")?.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("[data-roster-form] input")?.addEventListener("input", (event) => roster(`q:${event.target.value}`));
rosterHome?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-player-act]");
  if (!button) return;
  const data = { player: button.dataset.player };
  if (button.dataset.playerAct === "team_set") data.team = button.dataset.team;
  if (button.dataset.playerAct === "rename") {
    const dialog = document.getElementById("doi-ten"), field = find("new-name");
    field.value = button.dataset.name;
    dialog.returnValue = "";
    dialog.showModal();
    field.select();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "yes" || !field.value.trim()) return;
    data.name = field.value.trim();
  }
  button.closest("details")?.removeAttribute("open");
  if (["in", "out"].includes(button.dataset.playerAct)) {
    openJudge({ key: button.dataset.player, name: button.dataset.name, into: button.dataset.playerAct, label: button.textContent.trim() });
    return;
  }
  const act = button.dataset.playerAct, name = button.dataset.name;
  if (SENT_OUT[act] && !(await sure(SENT_OUT[act], { name }))) return;
  const result = await command(act, data);
  if (!result.ok) return;
  const back = SENT_OUT[act] && { label: say("let_in_again"), run: () => letIn(data.player) };
  toast(back ? say(`${act}_done`, { name }) : say("done"), "success", back || undefined);
  loadRoster();
});
ruledBy(loadRoster);
/** Take a kick or a ban back. */
async function letIn(player) {
  const result = await command("unban", { player });
  if (!result.ok) return;
  toast(say("done"), "success");
  loadRoster();
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
      now.frame.names = [...now.frame.names, ...detail.names].slice(-60);
      paintNames(now.frame.names);
    }
    roster(`${now.frame?.seq}/${detail.players}`);
  });
  setInterval(paintAuto, 500);
  // A rehearsal's simulated players live as long as its desk is open.
  if (page.dataset.bots) {
    setInterval(async () => {
      if (now.frame?.phase !== "open" || now.frame.paused) return;
      const body = new FormData();
      body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      const response = await fetch(page.dataset.bots, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
      const said = response?.ok ? await response.json() : null;
      if (said && said.instance === now.frame.instance) paintCounts({ ...now.frame, answered: Math.max(said.answered, now.frame.answered) });
    }, 1000);
  }

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
