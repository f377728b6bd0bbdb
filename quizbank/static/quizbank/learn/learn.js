// The pages around studying: counts of what is due on this device, and what a guest learned becomes an account's.
import { toast } from "../../js/ui.js";
import { keepForOffline } from "../../js/offline.js";
import { tellNews } from "./news.js";
import { progressOf, Store } from "./store.js";

const config = JSON.parse(document.getElementById("learn-config").textContent);
const { words } = config;
const store = new Store(config);
const offer = document.querySelector("[data-offer]");

function draw() {
  let due = 0, seen = 0;
  for (const place of document.querySelectorAll("[data-deck-progress]")) {
    const codes = place.dataset.deckProgress.split(" ");
    const now = progressOf(codes, store.memories);
    due += now.due;
    seen += now.seen;
    const badge = place.querySelector("[data-due]");
    badge.hidden = !now.due;
    badge.textContent = words.due.replace("{n}", now.due);
    place.querySelector("[data-settled]").textContent = words.settled.replace("{n}", now.settled).replace("{total}", codes.length);
    place.querySelector("progress").value = now.settled;
  }
  const all = document.querySelector("[data-due-all]");
  if (all) all.textContent = due ? words.due.replace("{n}", due) : seen ? words.nothing_due : "";
  if (offer) offer.hidden = !(store.who && store.guestLooks);
}

store.addEventListener("change", draw);
store.addEventListener("sent", () => tellNews(document.querySelector("[data-news]"), config.news_url, store));
store.addEventListener("stranger", ({ detail }) => toast(words.sign_in.replace("{n}", detail.count), "warning"));
offer?.querySelector("[data-adopt]").addEventListener("click", async () => {
  if (await store.adopt()) toast(words.taken, "success");
  draw();
});
offer?.querySelector("[data-forget]").addEventListener("click", () => {
  store.forgetGuest();
  draw();
});
draw();
await store.sync();
keepForOffline(config.offline);
