// One live connection: keeps itself alive, notices what it missed, and falls back to polling. docs/protocol.md is its law.
const VERSION = 1;
const BASE = 500, CAP = 8000;            // ms, reconnecting: anything between 0 and min(cap, base·2ⁿ)
const POLL = 10000, POLL_SPREAD = 5000;  // ms between two polls: 10 to 15 s
const TRIES = 3;                         // openings that fail in a row before polling begins
const AGAIN = 60000;                     // while polling, a socket is tried again so often
const FINAL = new Set([4400, 4401, 4403, 4404, 1009]); // coming back would not help

const after = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/**
 * Events: "frame" (detail: a board or counts frame, never older than the last), "beat" (detail: tick frame),
 * "state" (detail: "live" | "waiting" | "polling" | "gone").
 */
export class Live extends EventTarget {
  constructor({ url, poll }) {
    super();
    this.url = url;
    this.poll = poll;
    this.state = "waiting";
    this.position = [0, 0];
    this.failures = 0;
    this.heartbeat = 3000;
    this.lastPolled = 0;
    this.stopped = false;
    document.addEventListener("visibilitychange", () => this.visible());
    addEventListener("pageshow", (event) => { if (event.persisted) this.visible(); });
    addEventListener("online", () => this.soon());
    addEventListener("pagehide", () => this.drop());
  }

  start() {
    if (this.url && "WebSocket" in window) this.open();
    else this.startPolling();
    return this;
  }

  // -------------------------------------------------------------------------------------- socket

  open() {
    clearTimeout(this.opening);
    if (this.stopped || this.socket) return;
    let socket;
    try {
      const url = new URL(this.url, location.href);
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
    socket.addEventListener("message", (event) => { if (socket === this.socket) this.hear(event.data); });
    socket.addEventListener("close", (event) => { if (socket === this.socket) this.closed(event.code); });
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
    const at = [frame.epoch, frame.seq];
    switch (frame.type) {
      case "hello":
        this.greeted = true;
        this.failures = 0;
        this.position = [0, 0]; // what follows is the truth, whatever we have shown
        this.heartbeat = frame.heartbeat_ms;
        this.stopPolling();
        clearInterval(this.pinging);
        this.pinging = setInterval(() => this.say("ping"), frame.ping_ms);
        this.become("live");
        break;
      case "board":
        this.asked = 0;
        if (after(at, this.position)) this.take(frame, at);
        else if (at[0] === this.position[0] && at[1] === this.position[1]) this.tell("beat", frame); // answer to a resync
        break;
      case "counts":
        if (!after(at, this.position)) break;
        if (at[0] === this.position[0] && at[1] === this.position[1] + 1) this.take(frame, at);
        else this.resync();
        break;
      case "tick":
        if (after(at, this.position)) this.resync();
        this.tell("beat", frame);
        break;
      case "bye":
        this.notBefore = frame.retry_ms;
        if (frame.retry_ms < 0) this.stopped = true;
        break;
    }
  }

  take(frame, at) {
    this.position = at;
    this.tell("frame", frame);
  }

  /** Ask for the whole state; not more than once in two seconds. */
  resync() {
    const now = Date.now();
    if (now - (this.asked || 0) < 2000) return;
    this.asked = now;
    this.say("resync");
  }

  say(type) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ v: VERSION, type, epoch: this.position[0], seq: this.position[1] }));
  }

  /** A half-open connection says nothing: three missed heartbeats end it. */
  watch(patience = this.heartbeat * 3 + 1000) {
    clearTimeout(this.watching);
    this.watching = setTimeout(() => {
      if (!this.socket) return;
      const socket = this.socket;
      this.closed(1006);
      socket.close();
    }, patience);
  }

  closed(code) {
    clearTimeout(this.watching);
    clearInterval(this.pinging);
    this.socket = null;
    if (FINAL.has(code)) this.stopped = true;
    if (this.stopped) {
      this.become("gone");
      return;
    }
    this.failures += 1;
    if (this.failures >= TRIES) this.startPolling();
    else if (this.state !== "polling") this.become("waiting");
    // A page nobody sees comes back when it is seen.
    if (!document.hidden) this.later();
  }

  later() {
    const jitter = Math.random() * Math.min(CAP, BASE * 2 ** Math.min(this.failures, 10));
    const wait = this.state === "polling" ? AGAIN * (0.5 + Math.random()) : (this.notBefore || 0) + jitter;
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
      this.watch(3000);
    } else if (!this.socket) this.soon();
    if (this.state === "polling") this.pollNow();
  }

  soon() {
    if (this.stopped || this.socket || !this.url) return;
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), Math.random() * BASE);
  }

  // -------------------------------------------------------------------------------------- polling

  startPolling() {
    if (this.state === "polling") return;
    if (!this.poll) {
      this.become("waiting");
      return;
    }
    this.become("polling");
    this.pollNow();
  }

  stopPolling() {
    clearTimeout(this.polling);
  }

  async pollNow() {
    clearTimeout(this.polling);
    if (this.state !== "polling" || this.stopped) return;
    if (!document.hidden) {
      try {
        const response = await fetch(this.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (response.status === 404 || response.status === 403) {
          this.stopped = true;
          this.become("gone");
          return;
        }
        if (response.ok) {
          const frame = await response.json();
          // Two polls may be answered by two processes: never show the older one.
          if (this.state === "polling" && frame.at >= this.lastPolled) {
            this.lastPolled = frame.at;
            this.tell("frame", frame);
          }
        }
      } catch {
        // No network: the next turn tries again.
      }
    }
    if (this.state === "polling") this.polling = setTimeout(() => this.pollNow(), POLL + Math.random() * POLL_SPREAD);
  }

  // -------------------------------------------------------------------------------------- telling

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell("state", state);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
