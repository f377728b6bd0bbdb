// One connection of a page to a live event: keeps itself alive, comes back alone, polls where WebSockets are blocked.
// Every stage frame is the whole state, so a lost one costs nothing. docs/protocol.md is its law.
const VERSION = 1;
const BASE = 400, CAP = 8000;           // ms, reconnecting: anything between 0 and min(cap, base·2ⁿ)
const TRIES = 3;                        // openings that fail in a row before polling begins
const POLL = 2000, POLL_SPREAD = 600;   // ms between two polls
const AGAIN = 30000;                    // while polling, a socket is tried again so often
const WAKE = 1000;                      // ms a line that was asleep has for its first word
const ANSWER_AGAIN = 2500;              // an answer without an ack is sent again
const PATIENCE = 8000;                  // a command without an answer is "unsure" after so long
const FINAL = new Set([4400, 4401, 4403, 4404, 1009]); // coming back would not help
const STAGES = new Set(["stage", "wall", "desk", "marshal"]);

const after = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/**
 * new Link({ event, role: "play" | "wall" | "desk" | "marshal", key, poll: true | false, stateUrl, greet }).start()
 *
 * `stateUrl` is where the whole state is asked for while polling; without it, where phones ask.
 * `greet()` is asked after every hello for the frames to say first, e.g. [{type: "resume", token}] or [{type: "watch"}].
 * `token` (property) is the seat token: set by the page, or by a `seat` frame; it is resumed and used for HTTP by itself.
 *
 * Events, the frame in `detail`: "stage" (stage, wall, desk: the whole state), "count", "ack" {instance, code},
 * "seat" {token, key, name}, "denied" {code, text, retry_ms}, "done" {id}, "refused" {id, code, text}, "beat" (tick),
 * "bad" (error), "bye"; and "state": "live" | "waiting" | "polling" | "gone", "pending": the number of unsent answers (0 or 1).
 */
export class Link extends EventTarget {
  constructor({ event, role, key = "", poll = role === "play", stateUrl = `/api/live/${event}/state`, greet = () => [] }) {
    super();
    Object.assign(this, { event, role, key, polls: poll, stateUrl, greet });
    this.token = "";
    this.state = "waiting";
    this.position = [0, 0];
    this.frame = null;            // the last whole state
    this.failures = 0;
    this.heartbeat = 3000;
    this.waiting = new Map();     // id of a command → [resolve, timer]
    this.number = 0;
    this.answering = null;        // the answer that has no ack yet
    this.skew = null;             // server's clock − ours, ms: the best guess so far
    document.addEventListener("visibilitychange", () => this.visible());
    document.addEventListener("resume", () => this.visible()); // thawed; not every browser says "visible" again
    addEventListener("pageshow", (shown) => { if (shown.persisted) this.visible(); });
    addEventListener("online", () => this.soon());
    addEventListener("offline", () => this.visible()); // the cable is out, or only one of two networks: ask
    addEventListener("pagehide", () => this.drop());
  }

  start() {
    if ("WebSocket" in window) this.open();
    else this.startPolling();
    return this;
  }

  /** The server's clock, ms since 1970. The frame that travelled fastest tells it best. */
  now() {
    return Date.now() + (this.skew?.by ?? 0);
  }

  /** Say a frame; false when there is no connection. */
  say(type, fields = {}) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ v: VERSION, type, epoch: this.position[0], seq: this.position[1], ...fields }));
    return true;
  }

  /**
   * Ask the host's action. Resolves to {ok, code, text}; never rejects. `at` is the state the person was looking at:
   * a second press finds it gone by and changes nothing.
   */
  command(action, data = {}, at = this.position[1]) {
    const id = `${Date.now().toString(36)}${(this.number += 1).toString(36)}`;
    return new Promise((resolve) => {
      if (!this.say("command", { id, action, at, data })) return resolve({ ok: false, code: "offline", text: "" });
      const timer = setTimeout(() => this.settle(id, { ok: false, code: "unsure", text: "" }), PATIENCE);
      this.waiting.set(id, [resolve, timer]);
    });
  }

  /** Give an answer; sent again until the server has said something about it or the question is over. */
  answer(instance, response, bet = 0) {
    this.answering = { instance, response, bet };
    this.tell("pending", 1);
    this.sendAnswer();
  }

  /** Take a seat: by socket, or by HTTP where sockets are blocked. The answer is a "seat" or "denied" event. */
  async join(fields) {
    if (this.say("join", fields)) return;
    await this.post("/api/live/join", { event: this.event, ...fields });
  }

  // -------------------------------------------------------------------------------------- socket

  open() {
    clearTimeout(this.opening);
    if (this.stopped || this.socket) return;
    let socket;
    try {
      const url = new URL(`/ws/live/${this.event}/${this.role}`, location.href);
      if (this.key) url.searchParams.set("key", this.key);
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
    if (frame.type === "hello") this.hello(frame);
    else this.read(frame);
  }

  hello(frame) {
    this.greeted = true;
    this.failures = 0;
    this.position = [0, 0]; // what follows is the truth, whatever we have shown
    this.heartbeat = frame.heartbeat_ms;
    this.skew = null;
    this.clock(frame.now);
    clearTimeout(this.polling);
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.say("ping"), frame.ping_ms);
    if (this.token) this.say("resume", { token: this.token });
    else for (const { type, ...fields } of this.greet()) this.say(type, fields);
    this.become("live");
    this.sendAnswer();
  }

  read(frame) {
    const at = [frame.epoch, frame.seq];
    if (STAGES.has(frame.type)) {
      this.asked = 0;
      // The same position again may carry a better private part (one's own line, an answered count).
      if (after(this.position, at)) return;
      this.position = at;
      this.clock(frame.now);
      this.frame = frame;
      if (this.answering && frame.instance !== this.answering.instance) this.forget();
      this.tell("stage", frame);
      return;
    }
    switch (frame.type) {
      case "tick":
        this.clock(frame.now);
        if (after(at, this.position)) this.resync();
        this.tell("beat", frame);
        break;
      case "count":
        if (this.frame && frame.instance === this.frame.instance) this.tell("count", frame);
        break;
      case "ack":
        // "busy" is no answer: it is tried again.
        if (this.answering && frame.instance === this.answering.instance && frame.code !== "busy") this.forget();
        this.tell("ack", frame);
        break;
      case "seat":
        this.token = frame.token;
        this.tell("seat", frame);
        break;
      case "done":
        this.settle(frame.id, { ok: true, code: "done", text: "" });
        this.tell("done", frame);
        break;
      case "refused":
        this.settle(frame.id, { ok: false, code: frame.code, text: frame.text });
        this.tell("refused", frame);
        break;
      case "denied":
        this.tell("denied", frame);
        break;
      case "error":
        this.tell("bad", frame);
        break;
      case "bye":
        this.notBefore = frame.retry_ms;
        if (frame.retry_ms < 0) this.stopped = true;
        this.tell("bye", frame);
        break;
    }
  }

  clock(now) {
    if (!now) return;
    const by = now - Date.now();
    // A late frame makes the server seem behind: the largest difference is the truest. Older guesses fade (clocks drift).
    if (this.skew === null || by > this.skew.by || Date.now() - this.skew.at > 60000) this.skew = { by, at: Date.now() };
  }

  /** Ask for the whole state; not more than once in two seconds. */
  resync() {
    const now = Date.now();
    if (now - (this.asked || 0) < 2000) return;
    this.asked = now;
    this.say("resync");
  }

  settle(id, result) {
    const kept = this.waiting.get(id);
    if (!kept) return;
    this.waiting.delete(id);
    clearTimeout(kept[1]);
    kept[0](result);
  }

  // -------------------------------------------------------------------------------------- answers

  async sendAnswer() {
    clearTimeout(this.answerTimer);
    const mine = this.answering;
    if (!mine) return;
    this.answerTimer = setTimeout(() => this.sendAnswer(), ANSWER_AGAIN + Math.random() * 500);
    const { instance, response, bet } = mine;
    if (this.say("answer", { instance, response, bet })) return;
    if (this.token) await this.post("/api/live/answer", { t: this.token, i: instance, r: response, b: bet });
  }

  forget() {
    this.answering = null;
    clearTimeout(this.answerTimer);
    this.tell("pending", 0);
  }

  async post(url, body) {
    try {
      const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "same-origin" });
      const frame = await response.json();
      if (frame.type) this.read({ epoch: 0, seq: 0, ...frame });
      else if (frame.code) this.read({ type: "ack", epoch: 0, seq: 0, instance: body.i, ...frame });
    } catch {
      // No network: the next turn tries again.
    }
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
    for (const id of [...this.waiting.keys()]) this.settle(id, { ok: false, code: "unsure", text: "" });
    if (FINAL.has(code)) this.stopped = true;
    if (this.stopped) {
      this.become("gone");
      return;
    }
    this.failures += 1;
    if (this.failures >= TRIES && this.polls) this.startPolling();
    else if (this.state !== "polling") this.become("waiting");
    if (!document.hidden || this.role !== "play") this.later(); // a phone in a pocket comes back when it is looked at
  }

  later() {
    // Somebody looks at a screen whose line died in the pocket: the right one is due within two seconds (failures D19).
    const woken = this.failures <= 1 && Date.now() - (this.woke ?? 0) < 3 * WAKE;
    const jitter = Math.random() * (woken ? BASE / 2 : Math.min(CAP, BASE * 2 ** Math.min(this.failures, 10)));
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
      this.woke = Date.now();
      this.watch(WAKE);
    } else if (!this.socket) this.soon();
    if (this.state === "polling") this.pollNow();
  }

  soon() {
    if (this.stopped || this.socket || !("WebSocket" in window)) return;
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), Math.random() * BASE);
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
        const query = this.token ? `?${new URLSearchParams({ t: this.token })}` : "";
        const response = await fetch(this.stateUrl + query, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (response.status === 404 || response.status === 403) {
          this.stopped = true;
          this.become("gone");
          return;
        }
        if (response.ok && this.state === "polling") this.read(await response.json());
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
