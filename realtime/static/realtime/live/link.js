// The connection of a page to a live event: states, commands that resolve, answers that are sent until they are heard.
// Every stage frame is the whole state, so a lost one costs nothing.
import { Line, after } from "../line.js";

const ANSWER_AGAIN = 2500;              // ms; an answer without an ack is sent again
const PATIENCE = 8000;                  // ms; a command without an answer is "unsure" after so long
const STAGES = new Set(["stage", "wall", "desk", "marshal"]);

/**
 * new Link({ event, role: "play" | "wall" | "desk" | "marshal", key, poll: true | false, stateUrl, greet }).start()
 *
 * `stateUrl` is where the whole state is asked for while polling; without it, where phones ask.
 * `greet()` is asked after every hello for the frames to say first, e.g. [{type: "resume", token}] or [{type: "watch"}].
 * `token` (property) is the seat token: set by the page, or by a `seat` frame; it is resumed and used for HTTP by itself.
 *
 * Events, the frame in `detail`: "stage" (stage, wall, desk: the whole state), "count", "ack" {instance, code},
 * "seat" {token, key, name}, "denied" {code, text, retry_ms}, "done" {id}, "refused" {id, code, text}, "beat" (tick),
 * "bad" (error), "bye"; Line's "state"; and "pending": the number of unsent answers (0 or 1).
 */
export class Link extends Line {
  constructor({ event, role, key = "", poll = role === "play", stateUrl = `/api/live/${event}/state`, greet = () => [] }) {
    super({ base: 400, wake: 600, every: 2000, spread: 600, again: 30000, polls: poll, restless: role !== "play" });
    Object.assign(this, { event, role, key, stateUrl, greeting: greet });
    this.token = "";
    this.frame = null;            // the last whole state
    this.waiting = new Map();     // id of a command → [resolve, timer]
    this.number = 0;
    this.answering = null;        // the answer that has no ack yet
    this.skew = null;             // server's clock − ours, ms: the best guess so far
  }

  address() {
    const key = this.key ? `?${new URLSearchParams({ key: this.key })}` : "";
    return `/ws/live/${this.event}/${this.role}${key}`;
  }

  pollAddress() {
    return this.token ? `${this.stateUrl}?${new URLSearchParams({ t: this.token })}` : this.stateUrl;
  }

  /** The server's clock, ms since 1970. The frame that travelled fastest tells it best. */
  now() {
    return Date.now() + (this.skew?.by ?? 0);
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

  // -------------------------------------------------------------------------------------- frames

  hello(frame) {
    this.skew = null;
    this.clock(frame.now);
    if (this.token) this.say("resume", { token: this.token });
    else for (const { type, ...fields } of this.greeting()) this.say(type, fields);
    this.sendAnswer();
  }

  polled(frame) {
    this.read(frame);
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

  lost() {
    for (const id of [...this.waiting.keys()]) this.settle(id, { ok: false, code: "unsure", text: "" });
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
}
