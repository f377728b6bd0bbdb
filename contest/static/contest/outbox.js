// Answers on their way: kept on this machine until the server has them in its database, sent again until then.
//
// One record per attempt in local storage: the rising number of answers, what waits, flags. No name, no phone number.
// The format of requests and replies is contest/wire.py's. Events: "ack" {position, code, saved, sent},
// "clock" {now, deadline} (epoch ms), "moved", "closed", "late", "trouble".
import { net, sendWithRetry, setUnsent } from "../js/net.js";

const PREFIX = "thiso.bai.";
const TIMEOUT_MS = 12000;
// Under the server's limit of 200 answers and 32 KiB a request.
const MOST = 100;
const DAY_MS = 86_400_000;
// An answer on its way for less than this is nothing to talk about: "Đang lưu…" stands beside it.
const WORTH_SAYING_MS = 2500;

/** Whether two responses on the wire say the same. */
export const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/** Remove what this browser keeps of one attempt. */
export function forget(attempt) {
  try {
    localStorage.removeItem(PREFIX + attempt);
  } catch { /* storage is off: there is nothing to remove */ }
}

/** Remove records that nobody came back to for a day. */
export function forgetOld(now = Date.now()) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const record = JSON.parse(localStorage.getItem(key) || "{}");
      if (!(now - record.at < 2 * DAY_MS)) localStorage.removeItem(key);
    }
  } catch { /* nothing that matters */ }
}

export class Outbox extends EventTarget {
  #key; #token; #url; #memory = null; #running = null; #stop = new AbortController(); #apart = false; #telling = 0;

  constructor({ attempt, token, seq, url }) {
    super();
    this.#key = PREFIX + attempt;
    this.#token = token;
    this.#url = url;
    // A reload never goes below a number used before, a second device never below what the server has seen.
    this.#change((record) => { record.seq = Math.max(record.seq, seq); });
    net.addEventListener("offline", () => this.#tell());
  }

  #read() {
    const empty = { seq: 0, wait: {}, saved: {}, flags: null, skew: 0, prediction: null, at: 0 };
    if (this.#memory) return this.#memory;
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(this.#key) || "{}") };
    } catch {
      return empty;
    }
  }

  // Local storage is shared with other tabs of the same paper: always read, change, write in one go.
  #change(change) {
    const record = this.#read();
    change(record);
    record.at = Date.now();
    if (!this.#memory) {
      try {
        localStorage.setItem(this.#key, JSON.stringify(record));
      } catch {
        this.#memory = record; // full or forbidden: better kept until the page closes than not at all
      }
    }
    this.#tell();
    return record;
  }

  #tell() {
    clearTimeout(this.#telling);
    const count = this.waiting.length;
    if (!count || !net.online || net.unsent) setUnsent(count);
    else this.#telling = setTimeout(() => setUnsent(this.waiting.length), WORTH_SAYING_MS);
  }

  get waiting() {
    return Object.entries(this.#read().wait).map(([position, [seq, response]]) => [Number(position), seq, response]);
  }

  // For a copy of the page that is older than the last answers: what the server has said it holds, and how this machine's
  // clock differs from the server's (milliseconds).
  get saved() { return Object.entries(this.#read().saved).map(([position, [seq, response]]) => [Number(position), seq, response]); }
  get skew() { return this.#read().skew; }
  set skew(ms) { this.#change((record) => { record.skew = ms; }); }
  get prediction() { return this.#read().prediction; }
  set prediction(text) { this.#change((record) => { record.prediction = text; }); }

  get flags() { return this.#read().flags; }
  set flags(list) { this.#change((record) => { record.flags = list; }); }

  get stopped() { return this.#stop.signal.aborted; }

  /** Keep `response` for `position` and send it. Returns its number. */
  put(position, response) {
    const record = this.#change((r) => { r.wait[position] = [++r.seq, response]; });
    this.flush();
    return record.seq;
  }

  /** Send what waits. Calling it again while it runs changes nothing. */
  flush() {
    if (!this.#running && !this.stopped) this.#running = this.#run().finally(() => { this.#running = null; });
    return this.#running ?? Promise.resolve();
  }

  /** The page is going away: one last try that outlives it. Whatever becomes of it, nothing is taken from the record. */
  lastWord() {
    const rows = this.waiting.slice(0, MOST);
    if (rows.length && !this.stopped) this.#post(rows, { keepalive: true }).catch(() => {});
  }

  stop() { this.#stop.abort(new DOMException("stopped", "AbortError")); }

  /** The paper is handed in: nothing of it stays on this machine. */
  wipe() {
    this.stop();
    this.#memory = null;
    forget(this.#key.slice(PREFIX.length));
    this.#tell();
  }

  async #run() {
    try {
      while (this.waiting.length) {
        let rows = [];
        const response = await sendWithRetry(() => {
          // Taken anew for every try: a choice changed meanwhile goes out as changed.
          rows = this.waiting.slice(0, this.#apart ? 1 : MOST);
          return rows.length ? this.#post(rows) : Promise.resolve(new Response(null, { status: 204 }));
        }, { signal: this.#stop.signal, base: 400, cap: 8000 });
        if (!await this.#take(response, rows)) return;
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  #post(rows, { keepalive = false } = {}) {
    const body = rows.length === 1
      ? { t: this.#token, p: rows[0][0], s: rows[0][1], r: rows[0][2] }
      : { t: this.#token, a: rows };
    const limit = new AbortController();
    // A connection that hangs is a connection that is lost.
    const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
    return fetch(this.#url, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
      credentials: "same-origin", cache: "no-store", keepalive: keepalive || rows.length <= 20, signal: limit.signal,
    }).finally(() => clearTimeout(timer));
  }

  // Returns whether to go on sending.
  async #take(response, rows) {
    if (response.status === 204) return true;
    let reply;
    try {
      reply = await response.json();
    } catch {
      return this.#odd(rows); // a proxy's page, not ours
    }
    if (reply.server_now) this.#say("clock", { now: reply.server_now, deadline: reply.deadline });
    const acks = reply.acks ?? (reply.position === undefined ? null : [reply]);
    if (!acks) {
      switch (reply.code) {
        case "late": return this.#end("late");
        case "bad_token": return this.#end("moved");
        default: return this.#odd(rows);
      }
    }
    this.#apart = false;
    let verdict = "", busy = false;
    for (const ack of acks) {
      const sent = rows.find(([position, seq]) => position === ack.position && seq === ack.seq);
      if (!sent) continue;
      switch (ack.code) {
        case "saved": case "duplicate": case "stale": case "bad_answer":
          this.#drop(ack.position, ack.seq);
          if (ack.code !== "bad_answer") this.#change((record) => { record.saved[ack.position] = [ack.seq, ack.saved]; });
          this.#say("ack", { position: ack.position, code: ack.code, saved: ack.saved, sent: sent[2] });
          break;
        case "busy": busy = true; break;
        case "moved": case "closed": case "late": verdict = ack.code; break;
        case "bad_token": verdict = "moved"; break;
      }
    }
    if (verdict) return this.#end(verdict);
    if (busy) await new Promise((done) => setTimeout(done, 300 + Math.random() * 700));
    return true;
  }

  // The request as a whole was refused. Sent one by one, a single bad answer cannot hold up the others.
  #odd(rows) {
    if (rows.length > 1 || !this.#apart) {
      this.#apart = true;
      return true;
    }
    this.#drop(rows[0][0], rows[0][1]);
    this.#say("ack", { position: rows[0][0], code: "bad_answer", saved: null, sent: rows[0][2] });
    this.#say("trouble", {});
    return true;
  }

  #end(code) {
    this.stop();
    this.#say(code, {});
    return false;
  }

  #drop(position, seq) {
    this.#change((record) => { if (record.wait[position]?.[0] === seq) delete record.wait[position]; });
  }

  #say(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}
