// Handing in: says what is missing, sends every answer once more, and does not mind a second tap or a lost line.
import { net, sendWithRetry } from "../js/net.js";
import { dropPaper } from "./kept.js";
import { toast } from "../js/ui.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Finish {
  #root; #config; #outbox; #answers; #going = false;

  /** `answers()` gives [[position, seq, response], …] of the whole paper. */
  constructor({ root, config, outbox, answers }) {
    this.#root = root;
    this.#config = config;
    this.#outbox = outbox;
    this.#answers = answers;
    this.form = root.querySelector("[data-finish-form]");
    this.confirm = document.getElementById("xac-nhan");
    this.over = document.getElementById("het-gio");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.missing.length && this.confirm) {
        this.confirm.querySelector("[data-missing-text]").textContent = this.#missingText();
        this.confirm.showModal();
      } else this.submit();
    });
    this.confirm?.querySelector("[data-finish-now]").addEventListener("click", () => this.submit());
  }

  missing = [];

  /** Show what is answered, missing and flagged (1-based numbers). */
  tell({ total, missing, flagged }) {
    this.missing = missing;
    const { words } = this.#config;
    const section = this.#root.querySelector("[data-finish]");
    section.querySelector("[data-finish-count]").textContent = words.count.replace("{n}", total - missing.length).replace("{total}", total);
    for (const [name, numbers] of [["missing", missing], ["flagged", flagged]]) {
      const box = section.querySelector(`[data-finish-${name}]`);
      box.hidden = !numbers.length;
      box.querySelector("ul").replaceChildren(...numbers.map((number) => {
        const link = document.createElement("a"), item = document.createElement("li");
        link.href = `?c=${number}`;
        link.dataset.go = number;
        link.className = "chip num";
        link.textContent = number;
        item.append(link);
        return item;
      }));
    }
    section.querySelector("[data-finish-full]").hidden = missing.length > 0;
    const prediction = section.querySelector("[data-finish-prediction]");
    if (prediction) prediction.hidden = Boolean(this.form.elements.prediction.value);
  }

  #missingText() {
    const { words } = this.#config;
    return words.missing.replace("{n}", this.missing.length).replace("{list}", this.missing.join(", "));
  }

  /** Hand the paper in; `auto` when the time did it. Keeps trying until the server has spoken. */
  async submit({ auto = false } = {}) {
    if (this.#going) return;
    this.#going = true;
    const button = this.form.querySelector("[type=submit]");
    for (const one of [button, this.confirm?.querySelector("[data-finish-now]")]) one?.setAttribute("aria-busy", "true");
    if (auto) {
      this.confirm?.close();
      this.#sayOver();
      net.addEventListener("offline", () => this.#sayOver());
      net.addEventListener("online", () => this.#sayOver());
      // Everybody's time may end in the same second; the answers are saved already, so a moment costs nothing.
      await pause(Math.random() * 1200);
    }
    let reply = await this.#hand(auto);
    if (reply.code === "bad_answer") {
      // What fits no question is said beside it and never saved. It must not keep the paper from being handed in.
      await Promise.race([this.#outbox.flush(), pause(3000)]);
      reply = await this.#hand(auto, "[]");
    }
    await this.#take(reply, auto);
  }

  async #hand(auto, answers) {
    const response = await sendWithRetry(() => this.#send(auto, answers), { base: 400, cap: 8000 });
    try {
      return await response.json();
    } catch {
      return {}; // a page instead of data: the form itself will show it
    }
  }

  #sayOver() {
    const { words } = this.#config;
    if (!this.over.open) this.over.showModal();
    this.over.querySelector("[data-over-text]").textContent = net.online ? words.over_sending : words.over_offline;
  }

  #send(auto, answers = JSON.stringify(this.#answers())) {
    const body = new FormData(this.form);
    body.set("answers", answers);
    if (auto) body.set("auto", "1");
    return fetch(this.form.action, {
      method: "POST", body: new URLSearchParams(body), credentials: "same-origin", cache: "no-store",
      headers: { Accept: "application/json", "X-CSRFToken": body.get("csrfmiddlewaretoken") },
    });
  }

  async #take(reply, auto) {
    if (reply.url) {
      this.#outbox.wipe();
      dropPaper();
      location.replace(reply.url);
      return;
    }
    if (auto && reply.code !== "moved") return this.#waitClosed();
    this.#going = false;
    for (const one of document.querySelectorAll(".btn[aria-busy]")) one.removeAttribute("aria-busy");
    this.confirm?.close();
    if (reply.code === "moved") this.#outbox.dispatchEvent(new CustomEvent("moved", { detail: {} }));
    else if (reply.message) {
      toast(reply.message, "error");
      if (reply.code === "bad_prediction") this.#root.querySelector("[data-finish] [data-go='du-doan']").click();
    }
    else this.form.submit();
  }

  // The rules still ask for something, but time is up: the server closes the paper by itself in a moment.
  async #waitClosed() {
    const { state_url: url, result_url: result } = this.#config;
    for (;;) {
      await pause(1000 + Math.random() * 500);
      try {
        const response = await fetch(url, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
        if ((await response.json()).code !== "closed") continue;
      } catch {
        continue; // offline, or somebody signed out: asked again
      }
      this.#outbox.wipe();
      dropPaper();
      location.replace(result);
      return;
    }
  }
}
