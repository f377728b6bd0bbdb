// The result: nothing of the paper stays on this machine, and a score that is still being made appears by itself.
import { backoff } from "../js/net.js";
import { forget } from "./outbox.js";

const root = document.querySelector("[data-result]");
forget(root.dataset.result);

async function wait(url) {
  for (let attempt = 0; ; attempt++) {
    await new Promise((done) => setTimeout(done, 400 + backoff(Math.min(attempt, 4), 300, 5000)));
    if (document.hidden) continue;
    try {
      const response = await fetch(url, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
      if (!response.ok) continue;
      if ((await response.json()).code === "ready") return location.reload();
    } catch { /* offline: asked again later */ }
  }
}
if (root.dataset.poll) wait(root.dataset.poll);

// The unit's place is nice to know and not worth waiting for.
const unit = root.querySelector("[data-unit-place]");
if (unit) {
  fetch(unit.dataset.unitPlace, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : {}))
    .then((place) => {
      if (!place.rank) return;
      for (const name of ["rank", "total", "name"]) unit.querySelector(`[data-${name}]`).textContent = place[name];
      unit.hidden = false;
    })
    .catch(() => {});
}

// Petals once per result, not with every look at it.
if ("perfect" in root.dataset) {
  const key = `thiso.hoa.${root.dataset.result}`;
  try {
    if (!sessionStorage.getItem(key)) {
      sessionStorage.setItem(key, "1");
      import("../js/petals.js").then((petals) => petals.petals?.());
    }
  } catch { /* no storage, no petals */ }
}
