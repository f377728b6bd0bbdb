// The question on a phone: one tap is an answer; what is built (order, pairs, numbers, several options) has one button.
// "Đã nhận" stands there only after the server has committed it.
import { all, find, h, LETTERS, number, optionKey, picture, put, set, shape, write } from "./dom.js";

/** A number from text: the same player and question always give the same order on every device. */
function hash(text) {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619);
  return value >>> 0;
}
/** The options in this player's own order. */
function ownOrder(options, seed) {
  return options.map((one) => [hash(seed + one.id), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
}

export const many = ({ kind }) => kind === "multiple";
const chooses = ({ kind }) => kind === "single" || kind === "boolean" || kind === "multiple";

/** The options as this phone shows them; letters go by place. */
export function shownOptions({ question, event, you, instance }) {
  const own = event.rules.option_order === "player" && event.rules.phone_shows !== "letters" && you && ["single", "multiple"].includes(question.kind);
  return own ? ownOrder(question.options, `${you.key}/${instance}/`) : question.options;
}

export class Ask {
  constructor({ t, send }) {
    Object.assign(this, { t, send, sent: null, pending: null });
  }

  /** Draw the question of this frame. */
  open(frame) {
    const { t } = this, { question, event, instance, you } = frame;
    this.frame = frame;
    this.sent = null;
    this.state = "";
    this.bet = this.pending?.instance === instance ? this.pending.bet : 0;
    const letters = event.rules.phone_shows === "letters" && chooses(question);
    this.note = h("p.ask-note", { role: "status" });
    this.send_button = null;
    this.body = h("div.ask-body", { "data-letters": letters });
    const tags = [question.practice && t("practice"), question.play === "poll" && t("poll"), question.play === "closest" && t("closest"),
      event.mode === "bell" && question.stakes === "cutoff" && t("cutoff"), event.mode === "bell" && question.stakes === "safe" && t("safe"), you?.ghost && t("ghost")].filter(Boolean);
    this.el = h("section.ask", tags.length > 0 && h("p.tags", tags.map((tag) => h("span", tag))),
      h("h2.stem", { tabindex: -1 }, question.stem || t("on_wall")), picture(question.picture),
      event.rules.bets && question.play === "quiz" && !question.practice && this.bets(),
      this.body, this.note);
    this.fields(question, frame, letters);
    if (this.send_button) this.el.insertBefore(this.send_button, this.note);
    const mine = you?.answered ? you.response : this.pending?.instance === instance ? this.pending.response : null;
    if (mine !== null && mine !== undefined) {
      this.show(mine);
      this.freeze(mine);
      if (you?.answered) this.received();
      else this.say("sending");
    } else this.say("");
    return this.el;
  }

  bets() {
    const { t } = this;
    return h("fieldset.bets", h("legend", t("bet"), h("span.muted", ` ${t("bet_hint")}`)), h("div.bet-row", [0, 1, 2].map((value) => h("label", h("input", { type: "radio", name: "bet", value, checked: value === this.bet, onchange: () => { this.bet = value; } }), h("span", t(`bet_${value}`))))));
  }

  fields(question, frame, letters) {
    const { t } = this, { kind } = question;
    if (chooses(question)) {
      put(this.body, shownOptions(frame).map((one, index) => this.card(one, index, letters)));
      if (many(question)) this.button();
      this.body.setAttribute("role", "group");
      this.body.setAttribute("aria-label", t(many(question) ? "choose_many" : "choose_one"));
    } else if (kind === "ordering") {
      put(this.body, h("ol.order", question.options.map(({ id, text }, index) => h("li", { "data-id": id }, h("b.num.place", index + 1), h("span.order-text", text),
        h("span.order-moves", ["up", "down"].map((way) => h("button", { type: "button", "data-move": way, "aria-label": `${t(way)}: ${text}`, onclick: (event) => this.move(event.currentTarget, way) }, h("i"))))))));
      this.number();
      this.button();
    } else if (kind === "matching") {
      put(this.body, question.options.map(({ id, text }, index) => h("label.pair", h("span.pair-from", shape(index), h("span", text)),
        h("select", { "data-id": id }, h("option", { value: "" }, t("choose")), question.targets.map((target) => h("option", { value: target.id }, target.text))))));
      this.button();
    } else {
      const numeric = kind === "numeric";
      this.input = h("input.write", { id: "tra-loi", maxlength: numeric ? 20 : 120, inputmode: numeric ? "decimal" : "text", autocomplete: "off", enterkeyhint: "send", onkeydown: (event) => { if (event.key === "Enter") this.submit(); } });
      put(this.body, h("label", { for: "tra-loi" }, t(numeric ? "your_number" : "your_answer"), question.unit && h("span.muted", ` (${question.unit})`)), this.input);
      this.button();
    }
  }

  card({ id, text }, index, letters) {
    const { t } = this, tick = many(this.frame.question);
    return h("button.opt", { type: "button", "data-id": id, "data-option": optionKey(index), "aria-pressed": tick ? "false" : false,
      "aria-label": letters || !text ? `${LETTERS[index]}, ${t(`shape_${index}`)}` : `${LETTERS[index]}. ${text}`, onclick: () => this.pick(index) },
    h("span.mark", shape(index), h("span", LETTERS[index])), !letters && text && h("span.opt-text", text), h("span.opt-note"));
  }

  button() {
    this.send_button = h("button.go", { type: "button", onclick: () => this.submit() }, this.t("send"));
  }

  /** Choose the option at `index`; whether there was something to choose. */
  pick(index) {
    const card = all(".opt", this.body)[index];
    if (!card || this.sent !== null) return false;
    if (many(this.frame.question)) card.setAttribute("aria-pressed", card.getAttribute("aria-pressed") !== "true");
    else this.give(card.dataset.id);
    return true;
  }

  move(button, way) {
    const li = button.closest("li"), list = li.parentElement;
    if (way === "up") li.previousElementSibling?.before(li);
    else li.nextElementSibling?.after(li);
    this.number();
    (button.disabled ? find("button:not(:disabled)", li) : button)?.focus();
    return list;
  }

  number() {
    all(".order > li", this.body).forEach((li, index, list) => {
      write(find(".place", li), index + 1);
      const [up, down] = all("button", li);
      up.disabled = index === 0;
      down.disabled = index === list.length - 1;
    });
  }

  /** What has been built, in wire form; null while nothing has. */
  read() {
    const { kind } = this.frame.question;
    if (kind === "multiple") {
      const ids = all('.opt[aria-pressed="true"]', this.body).map((card) => card.dataset.id);
      return ids.length ? ids : null;
    }
    if (kind === "ordering") return all(".order > li", this.body).map((li) => li.dataset.id);
    if (kind === "matching") {
      const ids = all("select", this.body).map((select) => select.value);
      return ids.every(Boolean) ? ids : null;
    }
    return this.input.value.trim() || null;
  }

  submit() {
    if (this.sent !== null) return;
    const response = this.read(), { kind } = this.frame.question;
    if (response === null || (kind === "numeric" && !/^[-+]?[\d.,\s]+$/.test(response))) {
      this.say(kind === "numeric" ? "bad_number" : kind === "matching" ? "match_each" : kind === "multiple" ? "choose_many" : "your_answer");
      this.input?.focus();
      return;
    }
    this.give(response);
  }

  give(response) {
    this.freeze(response);
    this.show(response);
    this.say("sending");
    this.send(response, this.bet);
  }

  freeze(response) {
    this.sent = response;
    for (const el of all("input, select, .order button", this.el)) el.disabled = true;
    for (const el of all(".opt", this.body)) el.setAttribute("aria-disabled", "true");
    if (this.send_button) this.send_button.hidden = true;
    this.el.setAttribute("data-sent", "");
  }

  /** Mark `response` as mine. */
  show(response) {
    const ids = Array.isArray(response) ? response : [response];
    for (const card of all(".opt", this.body)) set(card, { "data-mine": ids.includes(card.dataset.id) });
    const { kind } = this.frame.question;
    if (kind === "ordering") {
      const list = find(".order", this.body);
      for (const id of ids) list.append(find(`[data-id="${CSS.escape(id)}"]`, list) ?? "");
      this.number();
    } else if (kind === "matching") all("select", this.body).forEach((select, index) => { select.value = ids[index] ?? ""; });
    else if (this.input) this.input.value = ids[0] ?? "";
  }

  say(key) {
    this.state = key;
    const good = key === "received", bad = ["late", "bad_answer", "not_counted", "bad_number"].includes(key);
    set(this.note, { "data-tone": good ? "good" : bad ? "bad" : key ? "wait" : false });
    write(this.note, key ? this.t(key) + (good ? `. ${this.t("received_text")}` : "") : "");
    const mine = find(".opt[data-mine] .opt-note", this.body);
    if (mine) write(mine, good ? this.t("received") : key === "sending" || key === "kept" ? this.t("sending") : "");
    this.el.toggleAttribute("data-received", good);
  }

  // ---- what the page learns meanwhile
  remember(pending) { this.pending = pending; }

  update(frame) {
    this.frame = frame;
    const { you } = frame;
    if (you?.answered && this.state !== "received") {
      if (you.response !== null) {
        this.freeze(you.response);
        this.show(you.response);
      } else this.freeze("");
      this.received();
    }
    if (you?.lifeline) this.lifeline(you.lifeline);
  }

  lifeline(counts) {
    const total = Math.max(1, Object.values(counts).reduce((sum, n) => sum + n, 0));
    for (const card of all(".opt:not([data-mine])", this.body)) write(find(".opt-note", card), `${this.t("lifeline")}: ${number(Math.round((100 * (counts[card.dataset.id] ?? 0)) / total))} %`);
  }

  received() {
    this.pending = null;
    if (this.el) this.say("received");
  }

  refused(words, again) {
    this.pending = null;
    if (!this.el) return;
    if (again) {
      this.sent = null;
      this.el.removeAttribute("data-sent");
      for (const el of all("input, select, .order button", this.el)) el.disabled = false;
      for (const el of all(".opt", this.body)) {
        el.removeAttribute("aria-disabled");
        el.removeAttribute("data-mine");
      }
      if (this.send_button) this.send_button.hidden = false;
      if (find(".order", this.body)) this.number();
    }
    this.say(words);
  }

  offline() {
    if (this.el && this.state === "sending") this.say("kept");
  }

  timeUp() {
    if (this.el && this.sent === null) {
      this.freeze("");
      this.say("time_up");
    }
  }
}
