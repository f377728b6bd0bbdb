// One live connection of a page, whatever it carries: keeps itself alive, comes back alone, polls where WebSockets are
// blocked. docs/protocol.md is its law; what the frames mean is for the subclass (socket.js: boards, live/link.js: events).
const VERSION = 1;
const CAP = 8000;     // ms, reconnecting: anything between 0 and min(cap, base·2ⁿ)
const TRIES = 3;      // openings that fail in a row before polling begins
const ASK = 2000;     // ms between two questions for the whole state
const FINAL = new Set([4400, 4401, 4403, 4404, 1009]); // coming back would not help

/** Whether position `a` is above `b`. */
export const after = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/**
 * A subclass gives `address()` (of the socket, "" where there is none) and `pollAddress()`, and reads: `hello(frame)` after
 * the first word, `read(frame)` for every other, `polled(frame)` for one that came by polling, `lost()` when the socket is gone.
 *
 * `base`: ms of the first jitter. `wake`: ms a line that was asleep has for its first word. `every`, `spread`, `again`: ms
 * between two polls, and between two tries of a socket while polling. `polls`: whether it may. `restless`: whether it comes back
 * while nobody looks at the page.
 *
 * Events: "state" ("live" | "waiting" | "polling" | "gone"), "beat" (tick) and the subclass's own.
 */
export class Line extends EventTarget {
  constructor({ base, wake, every, spread, again, polls, restless = false }) {
    super();
    Object.assign(this, { base, wake, every, spread, again, polls, restless });
    this.state = "waiting";
    this.position = [0, 0];
    this.failures = 0;
    this.heartbeat = 3000;
    document.addEventListener("visibilitychange", () => this.visible());
    document.addEventListener("resume", () => this.visible()); // thawed; not every browser says "visible" again
    addEventListener("pageshow", (shown) => { if (shown.persisted) this.visible(); });
    addEventListener("online", () => this.soon());
    addEventListener("offline", () => this.visible()); // the cable is out, or only one of two networks: ask
    addEventListener("pagehide", () => this.drop());
  }

  start() {
    if (this.address() && "WebSocket" in window) this.open();
    else this.startPolling();
    return this;
  }

  /** Say a frame; false when there is no connection. */
  say(type, fields = {}) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ v: VERSION, type, epoch: this.position[0], seq: this.position[1], ...fields }));
    return true;
  }

  /** Ask for the whole state; not more than once in two seconds. */
  resync() {
    const now = Date.now();
    if (now - (this.asked || 0) < ASK) return;
    this.asked = now;
    this.say("resync");
  }

  // -------------------------------------------------------------------------------------- socket

  open() {
    clearTimeout(this.opening);
    if (this.stopped || this.socket) return;
    let socket;
    try {
      const url = new URL(this.address(), location.href);
      url.protocol = url.protocol.replace("http", "ws");
      socket = new WebSocket(url);
    } catch {
      this.failures = TRIES;
      this.startPolling();
      return;
    }
    this.socket = socket;
    this.greeted = false;
    this.watch();
    socket.addEventListener("message", (said) => { if (socket === this.socket) this.hear(said.data); });
    socket.addEventListener("close", (said) => { if (socket === this.socket) this.closed(said.code); });
  }

  hear(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.v !== VERSION) return;
    this.watch();
    if (frame.type === "hello") this.greet(frame);
    else {
      if (frame.type === "bye") {
        this.notBefore = frame.retry_ms;
        if (frame.retry_ms < 0) this.stopped = true;
      }
      this.read(frame);
    }
  }

  greet(frame) {
    this.greeted = true;
    this.failures = 0;
    this.position = [0, 0]; // what follows is the truth, whatever we have shown
    this.heartbeat = frame.heartbeat_ms;
    clearTimeout(this.polling);
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.say("ping"), frame.ping_ms);
    this.hello(frame);
    this.become("live");
  }

  // -------------------------------------------------------------------------------------- coming back

  /** A half-open connection says nothing: three missed heartbeats end it. */
  watch(patience = this.heartbeat * 3 + 1000) {
    clearTimeout(this.watching);
    this.watching = setTimeout(() => {
      const socket = this.socket;
      if (!socket) return;
      this.closed(1006);
      socket.close();
    }, patience);
  }

  closed(code) {
    clearTimeout(this.watching);
    clearInterval(this.pinging);
    this.socket = null;
    this.lost();
    if (FINAL.has(code)) this.stopped = true;
    if (this.stopped) {
      this.become("gone");
      return;
    }
    this.failures += 1;
    if (this.failures >= TRIES) this.startPolling();
    else if (this.state !== "polling") this.become("waiting");
    if (!document.hidden || this.restless) this.later(); // a page nobody sees comes back when it is seen
  }

  later() {
    // Somebody looks at a screen whose line died in the pocket: the right one is due within two seconds (failures D19).
    const woken = this.failures <= 1 && Date.now() - (this.woke ?? 0) < 3 * this.wake;
    const jitter = Math.random() * (woken ? this.base / 2 : Math.min(CAP, this.base * 2 ** Math.min(this.failures, 10)));
    const wait = this.state === "polling" ? this.again * (0.5 + Math.random()) : (this.notBefore || 0) + jitter;
    this.notBefore = 0;
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), wait);
  }

  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    clearTimeout(this.watching);
    clearInterval(this.pinging);
    socket.close();
  }

  /** Seen again, perhaps after hours in a pocket: what is on the screen may be old, and the connection may be dead. */
  visible() {
    if (document.hidden || this.stopped) return;
    if (this.socket?.readyState === WebSocket.OPEN && this.greeted) {
      this.asked = 0;
      this.resync();
      this.woke = Date.now();
      this.watch(this.wake);
    } else if (!this.socket) this.soon();
    if (this.state === "polling") this.pollNow();
  }

  soon() {
    if (this.stopped || this.socket || !this.address() || !("WebSocket" in window)) return;
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), Math.random() * this.base);
  }

  // -------------------------------------------------------------------------------------- polling

  startPolling() {
    if (this.state === "polling") return;
    this.become(this.polls ? "polling" : "waiting");
    if (this.polls) this.pollNow();
  }

  async pollNow() {
    clearTimeout(this.polling);
    if (this.state !== "polling" || this.stopped) return;
    if (!document.hidden) {
      try {
        const response = await fetch(this.pollAddress(), { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (response.status === 404 || response.status === 403) {
          this.stopped = true;
          this.become("gone");
          return;
        }
        if (response.ok) {
          const frame = await response.json();
          if (this.state === "polling") this.polled(frame);
        }
      } catch {
        // No network: the next turn tries again.
      }
    }
    if (this.state === "polling") this.polling = setTimeout(() => this.pollNow(), this.every + Math.random() * this.spread);
  }

  // -------------------------------------------------------------------------------------- for subclasses

  hello() {}

  lost() {}

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell("state", state);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
