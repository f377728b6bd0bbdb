// Connected or not, said plainly, and retries that do not stampede.
const strip = document.querySelector("[data-net]");

class Net extends EventTarget {
  online = navigator.onLine;
  unsent = 0;
}
/** Events: "online", "offline", "unsent". */
export const net = new Net();

function draw() {
  if (!strip) return;
  const state = net.online ? (net.unsent ? "sending" : "online") : "offline";
  const badge = strip.querySelector("[data-net-unsent]");
  badge.hidden = !net.unsent;
  badge.textContent = String(net.unsent);
  if (strip.dataset.state !== state || strip.hidden === (state !== "online")) {
    const was = strip.dataset.state;
    strip.dataset.state = state;
    strip.querySelector("[data-net-text]").textContent = strip.getAttribute(`data-say-${state}`);
    clearTimeout(draw.later);
    // "Connected again" is said once and goes; trouble stays as long as it lasts.
    if (state === "online") {
      if (was !== "online") draw.later = setTimeout(() => { strip.hidden = true; }, 3000);
    } else strip.hidden = false;
  }
}

/** What the page learnt from a request of its own: navigator.onLine is only a hint. */
export function setOnline(online) {
  if (net.online === online) return;
  net.online = online;
  draw();
  net.dispatchEvent(new Event(online ? "online" : "offline"));
}

/** How many answers wait to be sent. */
export function setUnsent(count) {
  if (net.unsent === count) return;
  net.unsent = count;
  draw();
  net.dispatchEvent(new Event("unsent"));
}

/** Full jitter: anything between 0 and min(cap, base·2ⁿ), so that a thousand phones do not come back in one moment. */
export const backoff = (attempt, base = 500, cap = 15000) => Math.random() * Math.min(cap, base * 2 ** attempt);

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      net.removeEventListener("online", done);
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const stop = () => {
      done();
      reject(signal.reason);
    };
    const timer = setTimeout(done, ms);
    net.addEventListener("online", done);
    signal?.addEventListener("abort", stop);
  });
}

/**
 * Call `send` until it gives a Response that is an answer (anything but 408, 429, 5xx). Retry-After is respected.
 * Rejects only when `signal` aborts. While it fails by network, the page counts as offline.
 */
export async function sendWithRetry(send, { signal, base = 500, cap = 15000 } = {}) {
  for (let attempt = 0; ; attempt++) {
    let wait = backoff(attempt, base, cap);
    try {
      const response = await send();
      setOnline(true);
      if (response.status !== 408 && response.status !== 429 && response.status < 500) return response;
      const after = Number(response.headers.get("Retry-After"));
      if (after > 0) wait = Math.max(wait, after * 1000 * (1 + Math.random() / 2));
    } catch (error) {
      if (signal?.aborted) throw error;
      setOnline(false);
    }
    await pause(wait, signal);
  }
}

addEventListener("online", () => setOnline(true));
addEventListener("offline", () => setOnline(false));
if (!net.online) draw();
