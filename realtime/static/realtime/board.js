// Draws live boards into the rows the server has drawn: same elements, text nodes only, rows move to their new places.
import { flip } from "../js/flip.js";
import { ago, clock, number } from "../js/format.js";
import { Live } from "./socket.js";

const english = document.documentElement.lang === "en";
const words = english
  ? { people: (n) => `${number(n)} ${n === 1 ? "participant" : "participants"}`, tied: "tied", you: "You", points: "points", updated: (x) => `updated ${x}`, waiting: "reconnecting…" }
  : { people: (n) => `${number(n)} người dự thi`, tied: "đồng hạng", you: "Bạn", points: "điểm", updated: (x) => `cập nhật ${x}`, waiting: "đang kết nối lại…" };
const FETCH = 15000, FETCH_SPREAD = 10000; // ms between two looks at rows below the frame's: 15 to 25 s

/** The last text node of an element that may begin with words for screen readers. */
function setLast(element, text) {
  if (!element) return;
  const node = [...element.childNodes].reverse().find((child) => child.nodeType === Node.TEXT_NODE && child.nodeValue.trim());
  if (!node) element.append(text);
  else if (node.nodeValue !== text) node.nodeValue = text;
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

const keyOf = (li) => li.dataset.key ?? li.dataset.row;

/** A new row, without what was said only about the person it is copied from. */
function newRow(list, template) {
  const li = (template?.content.firstElementChild ?? list.firstElementChild)?.cloneNode(true);
  if (!li) return null;
  delete li.dataset.own;
  li.removeAttribute("aria-current");
  for (const mark of li.querySelectorAll(".badge:not(.board-you)")) mark.remove();
  return li;
}

/** Row lists: one element per key, kept, moved and filled. Rows below those of the frame stay until the page asks again. */
function drawList(list, rows, total, template, fill) {
  const known = new Map();
  for (const li of list.children) {
    const key = keyOf(li);
    if (key && !known.has(key)) known.set(key, li);
  }
  const limit = Number(list.dataset.limit) || Infinity;
  const more = limit === Infinity && total > rows.length;
  const skip = Number(list.dataset.skip) || 0;
  const top = rows.slice(skip, limit);
  const keys = new Set(rows.map((row) => row.key));
  const below = [...list.children].slice(top.length).filter((li) => !keys.has(keyOf(li)));
  flip(list, () => {
    const shown = top.map((row) => {
      const li = known.get(row.key) ?? newRow(list, template);
      if (!li) return null;
      li.dataset.key = row.key;
      fill(li, row);
      return li;
    }).filter(Boolean);
    list.replaceChildren(...shown, ...(more ? below : []));
  });
}

/** The text node with a value, after what is there for screen readers. */
function setFirst(element, text) {
  if (element.lastElementChild && !element.lastElementChild.matches(".visually-hidden")) text += " "; // a mark follows
  const label = element.querySelector(":scope > .visually-hidden");
  let node = label ? label.nextSibling : element.firstChild;
  if (node?.nodeType !== Node.TEXT_NODE) {
    node = document.createTextNode("");
    label ? label.after(node) : element.prepend(node);
  }
  if (node.nodeValue !== text) node.nodeValue = text;
}

/** Say or take back a word beside the name. */
function toggleMark(li, selector, shown, className, text) {
  const old = li.querySelector(selector);
  if (old && !shown) old.remove();
  if (!old && shown) {
    const mark = document.createElement("span");
    mark.className = className;
    mark.textContent = text;
    li.querySelector(".name")?.append(" ", mark);
  }
}

function fillRow(li, row) {
  li.dataset.rank = row.rank;
  const rank = li.querySelector(".board-rank > span") ?? li.querySelector(".board-rank");
  if (rank) setFirst(rank, String(row.rank));
  const name = li.querySelector(".name");
  if (name) setFirst(name, row.name);
  toggleMark(li, ".board-tie, .board-rank small", row.tied, "board-tie", words.tied);
}

function fillPerson(li, row, own) {
  fillRow(li, row);
  toggleMark(li, ".board-you", own, "badge board-you", words.you);
  li.toggleAttribute("data-own", own);
  own ? li.setAttribute("aria-current", "true") : li.removeAttribute("aria-current");
  let unit = li.querySelector(".board-unit");
  if (!unit && row.unit) {
    unit = document.createElement("span");
    unit.className = "board-unit";
    li.querySelector(".board-who")?.append(unit);
  }
  if (unit) unit.hidden = !row.unit;
  setText(unit, row.unit);
  setText(li.querySelector(".board-points b"), number(row.points / 1000));
  setText(li.querySelector(".board-points small"), row.ms ? clock(row.ms / 1000) : words.points);
}

function fillUnit(li, row) {
  fillRow(li, row);
  const people = li.querySelector(".board-unit");
  if (people) people.hidden = false;
  setText(people, words.people(row.people));
  setText(li.querySelector(".board-points b"), row.text);
  setText(li.querySelector(".board-points small"), "");
}

function drawPodium(home, rows, template) {
  const list = home.matches("ol") ? home : home.querySelector("ol");
  if (!list) return;
  const model = template?.content.querySelector("li") ?? list.firstElementChild;
  if (!model) return;
  const known = new Map([...list.children].map((li) => [li.dataset.key ?? li.dataset.place, li]));
  flip(list, () => {
    list.replaceChildren(...rows.slice(0, 3).map((row, index) => {
      const li = known.get(row.key) ?? model.cloneNode(true);
      li.dataset.key = row.key;
      li.dataset.place = index + 1;
      setText(li.querySelector(".name"), row.name);
      const unit = li.querySelector(".board-unit");
      if (unit) unit.hidden = !(row.unit ?? row.people);
      setText(unit, row.unit ?? words.people(row.people));
      setLast(li.querySelector(".podium-block b"), String(row.rank));
      const [points, time] = li.querySelectorAll(".podium-block small");
      setText(points, row.text ?? `${number(row.points / 1000)} ${words.points}`);
      if (time) time.hidden = !row.ms;
      setText(time, row.ms ? clock(row.ms / 1000) : "");
      return li;
    }));
  });
}

/** One section[data-board]. Fires "board:update" on it after each drawing. */
export class BoardView {
  constructor(section) {
    this.section = section;
    this.own = section.dataset.own || "";
    this.round = Number(section.dataset.round) || 0;
    this.part = (name) => section.querySelector(`[data-board-${name}]`);
    this.frame = null;
    this.age = null;
    this.live = new Live({ url: section.dataset.ws, poll: section.dataset.poll });
    this.live.addEventListener("frame", (event) => this.take(event.detail));
    this.live.addEventListener("beat", (event) => this.heard(event.detail));
    this.live.addEventListener("state", (event) => this.connection(event.detail));
  }

  start() {
    this.section.dataset.live = this.live.state;
    this.live.start();
    setInterval(() => this.stamp(), 1000);
    return this;
  }

  take(frame) {
    // A new round has begun: this page shows the old one and says so only by standing still.
    if (frame.type === "board" && this.round && frame.round !== this.round) return;
    if (frame.type === "counts" && !this.frame) return;
    this.frame = { ...this.frame, ...frame, type: "board" };
    this.heard(frame);
    this.draw(frame.type === "counts");
  }

  heard({ now, at }) {
    this.age = { at: performance.now(), seconds: Math.max(0, now - at) / 1000 };
    this.stamp();
  }

  draw(countsOnly) {
    const { frame } = this;
    const people = this.part("people");
    if (people) setText(people, number(frame.people));
    const units = this.part("units-total");
    if (units) setText(units, number(frame.units_total));
    if (!countsOnly) {
      this.section.dataset.state = frame.state;
      if (this.part("rows")) {
        drawList(this.part("rows"), frame.rows, frame.people, this.template("row"), (li, row) => fillPerson(li, row, row.key === this.own));
      }
      if (this.part("units")) drawList(this.part("units"), frame.units, frame.units_total, this.template("row"), fillUnit);
      if (this.part("podium")) drawPodium(this.part("podium"), frame.rows, this.template("place"));
      if (this.part("units-podium")) drawPodium(this.part("units-podium"), frame.units, this.template("place"));
      this.section.toggleAttribute("data-empty", !frame.rows.length);
      this.fetchRest();
    }
    this.section.dispatchEvent(new CustomEvent("board:update", { bubbles: true, detail: frame }));
  }

  /** Rows below the frame's and the bar with one's own place come from the page itself, once in a while. */
  fetchRest() {
    const lists = [...this.section.querySelectorAll("[data-board-rows]:not([data-limit]), [data-board-units]:not([data-limit])")];
    const more = lists.some((list) => list.children.length > (list.matches("[data-board-rows]") ? this.frame.rows : this.frame.units).length);
    if (this.fetching || !(more || this.section.querySelector(".board-own-bar"))) return;
    this.fetching = setTimeout(async () => {
      this.fetching = 0;
      if (document.hidden) return;
      try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector(`[data-board="${CSS.escape(this.section.dataset.board)}"]`);
        for (const list of fresh ? lists : []) {
          const name = list.matches("[data-board-rows]") ? "rows" : "units";
          const keys = new Set(this.frame[name].map((row) => row.key));
          const rows = [...fresh.querySelector(`[data-board-${name}]`)?.children ?? []].filter((li) => !keys.has(keyOf(li)));
          flip(list, () => list.replaceChildren(...[...list.children].filter((li) => keys.has(keyOf(li))), ...rows));
        }
        const bar = this.section.querySelector(".board-own-bar"), freshBar = fresh?.querySelector(".board-own-bar");
        if (bar && freshBar) bar.replaceChildren(...freshBar.children);
        else bar?.remove(); // the own row is among the others now
      } catch {
        // No network: the next change tries again.
      }
    }, FETCH + Math.random() * FETCH_SPREAD);
  }

  template(name) {
    return this.section.querySelector(`template[data-template="${name}"]`) ?? document.querySelector(`template[data-template="${name}"]`)
      ?? (name === "row" ? this.section.querySelector("template[data-board-row]") : null);
  }

  stamp() {
    const stamp = this.part("stamp");
    if (!stamp || !this.age) return;
    const seconds = this.age.seconds + (performance.now() - this.age.at) / 1000;
    const text = words.updated(ago(Math.floor(seconds)));
    setText(stamp, this.live.state === "waiting" && seconds > 10 ? `${text}, ${words.waiting}` : text);
  }

  connection(state) {
    this.section.dataset.live = state;
    this.stamp();
  }
}

export const boards = [...document.querySelectorAll("[data-board]")]
  .filter((section) => section.dataset.ws || section.dataset.poll)
  .map((section) => new BoardView(section).start());
