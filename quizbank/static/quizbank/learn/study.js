// Studying a deck: turn by tap or space, rate by button, key or swipe; goes on without a network.
// Without this file the same page works card by card as plain forms.
import { toast } from "../../js/ui.js";
import { keepForOffline } from "../../js/offline.js";
import { dueAt, restWords, review } from "./memory.js";
import { tellNews } from "./news.js";
import { startSpeaking } from "./speak.js";
import { Store } from "./store.js";
import { swipeable } from "./swipe.js";

const SOON_S = 20 * 60; // a card that comes back within this time comes back in this sitting

const root = document.querySelector("[data-study]");
const config = JSON.parse(document.getElementById("learn-config").textContent);
const { words } = config;
const flash = root.querySelector("[data-flash]"), done = root.querySelector("[data-done]");
const form = root.querySelector("[data-rate]"), heard = root.querySelector("[data-heard]");
const store = new Store(config);
let cards = new Map(), queue = [], here = null, looked = 0, extra = 0;

const fill = (name, text) => {
  for (const place of root.querySelectorAll(`[data-f="${name}"]`)) {
    place.textContent = text;
    place.closest("[data-part]")?.toggleAttribute("hidden", !text);
  }
};

function build() {
  const now = Date.now(), memories = store.memories;
  const seen = [...cards.keys()].filter((code) => memories[code]);
  const due = seen.filter((code) => dueAt(memories[code]) <= now).sort((a, b) => dueAt(memories[a]) - dueAt(memories[b]));
  const fresh = [...cards.keys()].filter((code) => !memories[code]);
  queue = [...due, ...fresh.slice(0, config.new_at_once + extra)];
}

function show() {
  here = queue[0] ?? null;
  flash.hidden = !here;
  done.hidden = Boolean(here);
  root.querySelector("[data-count]").textContent = here ? words.count.replace("{n}", queue.length) : "";
  if (!here) return finish();
  const card = cards.get(here), now = Date.now();
  flash.open = false;
  flash.dataset.code = here;
  for (const name of ["front", "back", "example", "citation"]) fill(name, card[name] ?? "");
  fill("topic", card.topic);
  for (const link of root.querySelectorAll("[data-check]")) link.href = link.dataset.check.replace("__", encodeURIComponent(here));
  for (const button of form.querySelectorAll("[name=rating]")) {
    const next = review(store.memories[here] ?? null, Number(button.value), now, config.scheduler);
    button.querySelector("[data-rest]").textContent = restWords((dueAt(next) - now) / 1000, words);
  }
  return null;
}

function finish() {
  const now = Date.now(), memories = store.memories;
  const later = [...cards.keys()].filter((code) => memories[code]).map((code) => dueAt(memories[code])).filter((at) => at > now).sort((a, b) => a - b)[0];
  const fresh = [...cards.keys()].filter((code) => !memories[code]).length;
  done.querySelector("[data-done-count]").textContent = looked ? words.done_today.replace("{n}", looked) : "";
  done.querySelector("[data-next-due]").textContent = later ? words.next_due.replace("{rest}", restWords((later - now) / 1000, words)) : "";
  done.querySelector("[data-more]").hidden = !fresh;
  store.sync(); // at once: what the sitting has brought is told here
}

function rate(rating) {
  if (!here || !flash.open) return;
  const now = Date.now(), state = store.look(here, rating, now);
  looked += 1;
  queue.shift();
  if (dueAt(state) - now < SOON_S * 1000) {
    queue.push(here);
    heard.textContent = words.again_soon;
  } else heard.textContent = "";
  flash.dataset.left = rating > 1 ? "right" : "left";
  show();
  if (here) flash.querySelector("summary").focus({ preventScroll: true });
  else done.querySelector("h2").focus();
}

function flip() {
  if (!here) return;
  flash.open = !flash.open;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.submitter?.removeAttribute("aria-busy");
  rate(Number(event.submitter?.value));
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, .menu")) return;
  if (event.key === " " && !event.target.closest("button, a, summary")) {
    event.preventDefault();
    flip();
  } else if (["1", "2", "3", "4"].includes(event.key)) rate(Number(event.key));
});
swipeable(flash, { left: () => (flash.open ? rate(1) : flip()), right: () => (flash.open ? rate(3) : flip()) });
done.querySelector("[data-more]").addEventListener("click", () => {
  extra += config.new_at_once;
  build();
  show();
});

store.addEventListener("offline", () => { heard.textContent = words.kept_here; });
store.addEventListener("sent", () => {
  heard.textContent = words.sent;
  if (!here && !store.waiting) tellNews(done.querySelector("[data-news]"), config.news_url, store);
});
store.addEventListener("stranger", ({ detail }) => toast(words.sign_in.replace("{n}", detail.count), "warning"));

startSpeaking(root, { language: config.language, text: () => (here ? [cards.get(here).front, ...(flash.open ? [cards.get(here).back, cards.get(here).example] : [])] : []) });

const response = await fetch(config.data_url, { headers: { Accept: "application/json" } });
cards = new Map((await response.json()).cards.map((card) => [card.code, card]));
await store.sync();
// What was asked for by its address comes first.
const wanted = new URLSearchParams(location.search).get("the");
build();
if (cards.has(wanted)) queue = [wanted, ...queue.filter((code) => code !== wanted)];
root.dataset.live = "";
show();
if (await keepForOffline(config.offline)) root.querySelector("[data-ready]").hidden = false;
