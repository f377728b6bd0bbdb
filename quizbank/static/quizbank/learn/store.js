// What this device knows of somebody's cards: memories, and looks the server has not got yet. A guest's looks stay here.
import { setOnline, setUnsent } from "../../js/net.js";
import { dueAt, review, settled } from "./memory.js";

const PREFIX = "thiso.hoc.", LAST = "thiso.hoc-ai", MOST = 200, MOST_KEPT = 2000, PAUSE_MS = 1500;
const GUEST = "khach";

const newToken = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

function read(who) {
  try {
    return { mem: {}, wait: [], ...JSON.parse(localStorage.getItem(PREFIX + (who || GUEST)) || "{}") };
  } catch {
    return { mem: {}, wait: [] };
  }
}

function write(who, record) {
  try {
    localStorage.setItem(PREFIX + (who || GUEST), JSON.stringify(record));
    return true;
  } catch {
    return false; // full or forbidden
  }
}

/** How many looks of accounts wait on this device. */
const left = () => Object.keys(localStorage)
  .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + GUEST)
  .reduce((count, key) => count + read(key.slice(PREFIX.length)).wait.length, 0);

/** Events: "change" (memories), "sent" ({count}), "offline", "stranger" (a queue waits for somebody who is signed out). */
export class Store extends EventTarget {
  #config; #running = null; #later = 0; #memory = null;

  constructor(config) {
    super();
    this.#config = config;
    this.who = config.person;
    this.csrf = "";
    addEventListener("online", () => this.sync());
    addEventListener("pagehide", () => { if (this.waiting) this.sync(); });
  }

  get record() { return this.#memory ?? read(this.who); }

  #change(change) {
    const record = this.record; // other tabs write too: read, change, write in one go
    change(record);
    this.#memory = write(this.who, record) ? null : record;
    setUnsent(this.who ? record.wait.length : 0);
  }

  /** {code: state} of every card seen. */
  get memories() { return this.record.mem; }

  /** How many looks wait to be sent. */
  get waiting() { return this.who ? this.record.wait.length : 0; }

  /** How many looks somebody not signed in has left on this device. */
  get guestLooks() { return read("").wait.length; }

  look(code, rating, at = Date.now()) {
    this.#change((record) => {
      record.mem[code] = review(record.mem[code] ?? null, rating, at, this.#config.scheduler);
      record.wait.push([code, rating, newToken(), at]);
      if (record.wait.length > MOST_KEPT) record.wait.shift();
    });
    clearTimeout(this.#later);
    if (this.who) this.#later = setTimeout(() => this.sync(), PAUSE_MS);
    return this.memories[code];
  }

  /** What a guest learned here becomes the account's. */
  async adopt() {
    if (!this.who) return false;
    const rows = read("").wait;
    this.#change((record) => { record.wait.push(...rows.filter((row) => !record.wait.some((one) => one[2] === row[2]))); });
    if (!await this.sync()) return false;
    localStorage.removeItem(PREFIX + GUEST);
    return true;
  }

  forgetGuest() { localStorage.removeItem(PREFIX + GUEST); }

  /** Ask who this is and what the server knows, send what waits. True when nothing waits any more. */
  sync() {
    this.#running ??= this.#sync().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #sync() {
    let state;
    try {
      const response = await fetch(this.#config.state_url, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
      state = await response.json();
      setOnline(true);
    } catch {
      // Without a network the page may be the public copy, which knows nobody: it is whoever learned here last.
      this.who = this.#config.person || localStorage.getItem(LAST) || "";
      setOnline(false);
      this.#tell("offline");
      this.#tell("change");
      return false;
    }
    this.who = state.person;
    this.csrf = state.csrf;
    if (!this.who) {
      // Whoever learns here from now on is somebody else, also without a network: a telephone goes from hand to hand.
      localStorage.removeItem(LAST);
      const count = left();
      if (count) this.#tell("stranger", { count });
      this.#tell("change");
      return true;
    }
    localStorage.setItem(LAST, this.who);
    return this.#send(state);
  }

  async #send(state) {
    let memories = state.memories, sent = 0;
    for (let rows = this.record.wait.slice(0, MOST); rows.length; rows = this.record.wait.slice(0, MOST)) {
      let response;
      try {
        const now = Date.now();
        response = await fetch(this.#config.record_url, {
          method: "POST", credentials: "same-origin", cache: "no-store", keepalive: rows.length < 100,
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": state.csrf },
          body: JSON.stringify({ person: this.who, reviews: rows.map(([card, rating, token, at]) => [card, rating, token, Math.max(0, now - at)]) }),
        });
        if (!response.ok) break; // too fast, or somebody else signed in meanwhile: the next time
        memories = { ...memories, ...(await response.json()).memories };
      } catch {
        setOnline(false);
        this.#tell("offline");
        break;
      }
      const settledTokens = new Set(rows.map((row) => row[2]));
      this.#change((record) => { record.wait = record.wait.filter((row) => !settledTokens.has(row[2])); });
      sent += rows.length;
    }
    this.#change((record) => {
      record.mem = memories;
      for (const [code, rating, , at] of record.wait) record.mem[code] = review(record.mem[code] ?? null, rating, at, this.#config.scheduler);
    });
    if (sent) this.#tell("sent", { count: sent });
    this.#tell("change");
    return !this.waiting;
  }

  #tell(type, detail = {}) {
    setUnsent(this.waiting);
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Counts for a list of card codes: {seen, due, settled}. */
export function progressOf(codes, memories, now = Date.now()) {
  const known = codes.map((code) => memories[code]).filter(Boolean);
  return { seen: known.length, due: known.filter((one) => dueAt(one) <= now).length, settled: known.filter(settled).length };
}
