// The marshal's floor: numbered boards of players without a phone, tap = wrong, tap again = undone. What is not tapped
// counts as right only when the marshal says so with the one filled button.
import { toast } from "../../js/ui.js";
import { buzz, command, countWords, find, link, now, page, paintRing, say, setText, words } from "./host.js";

const BLOCK = 50;       // seats of one area of the floor
const ASK_AGAIN = 4000; // ms: other marshals mark too
const grid = find("grid");
const boards = new Map(); // seat → {name, status, right: true | false | null, state: "" | saving | failed}
let instance = 0, block = 0, lastAsked = 0;

const canMark = () => !!now.frame && now.frame.actions.includes("mark");
const plays = (board) => board.status !== "out" || board.right !== null;

function label(seat, board) {
  if (!plays(board)) return say("seat_out", { n: seat });
  if (board.right === false) return say("seat_wrong", { n: seat });
  return board.right ? say("seat_right", { n: seat }) : `${seat}, ${board.name}`;
}

function paintSeat(button, seat, board) {
  button.setAttribute("aria-pressed", String(board.right === false));
  button.dataset.s = plays(board) ? (board.right === true ? "r" : "i") : "o";
  button.dataset.state = board.state;
  button.disabled = !canMark() || !plays(board);
  button.setAttribute("aria-label", label(seat, board));
  button.title = board.name;
}

function paint() {
  page.toggleAttribute("data-can", canMark());
  setText(find("hint"), canMark() ? say("marking") : say("rest"));
  const seats = [...boards.keys()].sort((a, b) => a - b);
  find("none").hidden = seats.length > 0;
  const starts = [...new Set(seats.map((seat) => Math.floor((seat - 1) / BLOCK)))];
  if (!starts.includes(block)) block = starts[0] ?? 0;
  paintBlocks(starts, seats);
  const shown = seats.filter((seat) => Math.floor((seat - 1) / BLOCK) === block);
  const known = new Map([...grid.children].map((button) => [Number(button.dataset.seat), button]));
  grid.replaceChildren(...shown.map((seat) => {
    const button = known.get(seat) ?? document.createElement("button");
    button.type = "button";
    button.className = "marshal-seat";
    button.dataset.seat = seat;
    if (button.textContent !== String(seat)) button.textContent = String(seat);
    paintSeat(button, seat, boards.get(seat));
    return button;
  }));
  const all = [...boards.values()];
  setText(find("wrong"), String(all.filter((board) => board.right === false).length));
  const open = all.filter((board) => plays(board) && board.right === null).length;
  const rest = find("rest"), text = rest.querySelector("[data-rest-words]");
  rest.disabled = !canMark() || !open;
  setText(text, text.dataset.restWords.replace("{n}", open));
  const waiting = all.some((board) => board.state === "saving"), failed = all.some((board) => board.state === "failed");
  setText(find("saved"), failed ? say("unsaved") : waiting ? say("saving") : all.some((board) => board.right !== null) ? say("saved") : "");
}

function paintBlocks(starts, seats) {
  const nav = find("blocks");
  nav.hidden = starts.length < 2;
  nav.replaceChildren(...starts.map((start) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-selected", String(start === block));
    button.setAttribute("role", "tab");
    const here = seats.filter((seat) => Math.floor((seat - 1) / BLOCK) === start);
    button.textContent = say("blocks", { from: here[0], to: here.at(-1) });
    button.addEventListener("click", () => { block = start; paint(); });
    return button;
  }));
}

/** Marks of all marshals, from the database; what is being saved here stays as it was tapped. */
async function load() {
  lastAsked = Date.now();
  try {
    const response = await fetch(page.dataset.boardsUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!response.ok) return;
    const { instance: of, boards: rows } = await response.json();
    const fresh = of !== instance;
    instance = of;
    const seen = new Set();
    for (const { seat, name, status, right } of rows) {
      const known = boards.get(seat);
      const keep = !fresh && known && known.state !== "";
      boards.set(seat, { name, status, right: keep ? known.right : right, state: keep ? known.state : "" });
      seen.add(seat);
    }
    for (const seat of boards.keys()) if (!seen.has(seat)) boards.delete(seat);
    paint();
  } catch {
    // No network: the connection line says so.
  }
}

async function mark(seats, right) {
  for (const seat of seats) Object.assign(boards.get(seat), { right, state: "saving" });
  paint();
  const result = await command("mark", { seats, right }, { quiet: true });
  for (const seat of seats) {
    const board = boards.get(seat);
    if (board && board.right === right) board.state = result.ok ? "" : "failed";
  }
  if (!result.ok && !["offline", "unsure"].includes(result.code)) {
    toast(result.text || say("refused"), "error");
    for (const seat of seats) boards.get(seat).state = "";
    load();
  }
  paint();
}

if (page) {
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-seat]");
    if (!button || button.disabled) return;
    const seat = Number(button.dataset.seat), board = boards.get(seat);
    // A board that could not be saved is sent again as it is.
    mark([seat], board.state === "failed" ? board.right : board.right === false ? null : false);
    buzz(15);
  });
  find("rest").addEventListener("click", () => {
    const seats = [...boards].filter(([, board]) => plays(board) && board.right === null).map(([seat]) => seat);
    if (seats.length) mark(seats, true);
  });
  link.addEventListener("stage", ({ detail }) => {
    setText(find("phase-name"), words.phases[detail.phase] ?? detail.phase);
    setText(find("count"), countWords(detail));
    paintRing(find("ring-home"), detail);
    paint();
    load();
  });
  setInterval(() => {
    if (!document.hidden && canMark() && Date.now() - lastAsked > ASK_AGAIN) load();
  }, ASK_AGAIN);
  load();
  link.start();
}
