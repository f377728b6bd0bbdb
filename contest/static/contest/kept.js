// The paper reloaded without a network: the service worker (config/templates/sw.js) gives the copy made when the page was
// last loaded. What was answered since, and how the clock went on, is in the outbox's record.
import { loaded, tell } from "../js/offline.js";

// Before any script changes the page: this is what a reload would have brought.
const html = `<!doctype html>${document.documentElement.outerHTML}`;
const SPREAD_MS = 6000;

/** Whether this page is such a copy. */
export const isCopy = "kept" in document.documentElement.dataset;

/** Give the page to the worker, a little later: everybody begins in the same second, and the first answer goes first. */
export function keepPaper() {
  if (isCopy) return;
  setTimeout(async () => {
    if (await tell({ type: "keep-paper", html, files: loaded() })) document.documentElement.dataset.copied = "";
  }, Math.random() * SPREAD_MS);
}

/** The paper is handed in: no copy of it stays on this machine. */
export function dropPaper() {
  navigator.serviceWorker?.controller?.postMessage({ type: "drop-papers" });
}
