// The wall: people and units take turns, keys and buttons for whoever stands at the computer, sound only when switched on.
import { ago, number } from "../js/format.js";
import { petals } from "../js/petals.js";
import { syncRing } from "../js/ring.js";
import { bell, gong, roll, sound } from "../js/sound.js";
import { boards } from "./board.js";

const TURN = 20000; // ms each view stays
const HAND = 120000; // ms a view chosen by hand stays
const DAY = 86400;  // seconds: from here on the ring counts

const [board] = boards;
const wall = board?.section;
const find = (name) => document.querySelector(`[data-wall-${name}]`);
const chosen = { until: 0 };

if (wall) {
  const views = { people: wall.querySelector('[data-view-of="people"]'), units: wall.querySelector('[data-view-of="units"]') };
  const hasUnits = () => wall.querySelectorAll('[data-view-of="units"] [data-board-units-podium] li').length > 1;

  const show = (view) => {
    wall.dataset.view = view;
    for (const [name, element] of Object.entries(views)) element.hidden = name !== view;
    const button = find("view");
    const other = view === "people" ? "units" : "people";
    button.textContent = button.dataset[other];
    button.hidden = !hasUnits() && view === "people";
  };
  const turn = () => show(wall.dataset.view === "people" && hasUnits() ? "units" : "people");
  const byHand = (view) => {
    chosen.until = Date.now() + HAND;
    show(view);
  };

  setInterval(() => { if (Date.now() > chosen.until && !document.hidden) turn(); }, TURN);

  // ---------------------------------------------------------------------------------- what the board says
  let leader = wall.querySelector("[data-board-podium] li .name")?.textContent;
  let finished = wall.dataset.state === "final";
  const say = () => {
    const state = find("state");
    const live = board.live.state;
    const words = live === "live" && ["final", "frozen"].includes(wall.dataset.state) ? wall.dataset.state : live;
    state.textContent = state.dataset[words] ?? state.dataset.waiting;
    document.body.dataset.wallLive = live;
    const seconds = board.age ? Math.floor(board.age.seconds + (performance.now() - board.age.at) / 1000) : null;
    find("stamp").textContent = seconds === null || words === "final" ? "" : ` · ${ago(seconds)}`;
  };
  wall.addEventListener("board:update", ({ detail }) => {
    find("people").textContent = number(detail.people);
    const first = detail.rows[0];
    if (first && leader !== undefined && first.name !== leader) bell();
    leader = first?.name ?? "";
    if (detail.state === "final" && !finished) {
      petals();
      gong();
    }
    finished = detail.state === "final";
    const ring = wall.querySelector("[data-ring]");
    if (ring && detail.closes) {
      syncRing(ring, { now: detail.now / 1000, deadline: detail.closes / 1000 });
      wall.querySelector(".wall-time").toggleAttribute("data-far", (detail.closes - detail.now) / 1000 > DAY);
    }
    if (wall.dataset.view === "units" && !hasUnits()) show("people");
    else show(wall.dataset.view);
    say();
  });
  board.live.addEventListener("beat", ({ detail }) => {
    const ring = wall.querySelector("[data-ring]");
    if (!ring) return;
    syncRing(ring, { now: detail.now / 1000 });
    wall.querySelector(".wall-time").toggleAttribute("data-far", Number(ring.dataset.deadline) - detail.now / 1000 > DAY);
  });
  board.live.addEventListener("state", say);
  setInterval(say, 1000);
  wall.addEventListener("ring:level", ({ detail }) => { if (detail.level === "son") roll(Math.min(10, detail.left)); });
  wall.addEventListener("ring:over", () => gong());

  // ---------------------------------------------------------------------------------- whoever stands at the computer
  const controls = find("controls"), soundButton = find("sound"), full = find("full");
  controls.hidden = false;
  const paintSound = () => soundButton.setAttribute("aria-pressed", String(sound.enabled));
  const toggleSound = () => {
    if (sound.enabled) sound.off();
    else sound.on().then(() => bell());
    paintSound();
  };
  const toggleFull = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.());
  full.hidden = !document.documentElement.requestFullscreen;
  find("view").addEventListener("click", () => byHand(wall.dataset.view === "people" ? "units" : "people"));
  soundButton.addEventListener("click", toggleSound);
  full.addEventListener("click", toggleFull);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "arrowleft" || key === "arrowright" || key === "u") byHand(wall.dataset.view === "people" && hasUnits() ? "units" : "people");
    else if (key === "s") toggleSound();
    else if (key === "f") toggleFull();
  });
  paintSound();
  show("people");
  say();
}
