// Asks the service worker to keep what this page needs, so that it opens again without a network.
const own = (url) => new URL(url, location.href).origin === location.origin;

/** Register the worker; nothing happens where there is none (old browsers, http on the local network). */
export async function worker() {
  if (!("serviceWorker" in navigator)) return null;
  try {
    await navigator.serviceWorker.register("/sw.js");
    return (await navigator.serviceWorker.ready).active;
  } catch {
    return null; // private windows refuse it
  }
}

/** Send a message to the worker; true when it has done what it says. */
export async function tell(message) {
  const active = await worker();
  if (!active) return false;
  const { port1, port2 } = new MessageChannel();
  active.postMessage(message, [port2]);
  await new Promise((done) => { port1.onmessage = done; });
  return true;
}

/** Everything this page has loaded from the site's static files: what a copy of it needs. */
export const loaded = () => [...new Set(performance.getEntriesByType("resource").map((one) => one.name)
  .filter((url) => own(url) && new URL(url).pathname.startsWith("/static/")))];

/** Keep the public copies of these pages, with these data and everything loaded so far, for offline use. */
export async function keepForOffline({ pages = [], files = [], data = [] }) {
  return tell({ type: "keep", pages, files: [...files, ...loaded()], data });
}
