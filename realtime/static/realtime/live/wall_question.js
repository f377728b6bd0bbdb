// Question, countdown, close and answer: one scene, so that things stay where they are while the phase changes.
import { flip } from "../../js/flip.js";
import { Dial } from "./dial.js";
import { all, calm, h, mark, number, optionKey, picture, put, set, write } from "./dom.js";
import { closest, cloud } from "./wall_words.js";

const PLAIN = new Set(["numeric", "short"]);
// Of the full size of letters: short questions grow, long ones shrink as far as the last row can still read.
const LARGEST = { intro: 1.25, open: 1.3, locked: 1.3, reveal: 1.12 }, SMALLEST = 0.42;

export class QuestionScene {
  constructor(wall) {
    const { t } = wall;
    this.wall = wall;
    this.instance = null;
    this.dial = new Dial({ rich: true, now: wall.now });
    this.dial.el.setAttribute("aria-label", t("time_left"));
    this.answered = h("b.num");
    this.of = h("span");
    this.what = h("span.q-what");
    this.tally = h("p.q-tally", h("span.q-sum", this.answered, this.of), this.what);
    this.floor = h("p.q-floor", { hidden: true });
    this.tags = h("p.q-tags");
    this.stem = h("h2.q-stem");
    this.picture = h("p.q-picture", { hidden: true });
    this.body = h("div.q-body");
    this.explain = h("div.q-explain", { hidden: true });
    this.main = h("div.q-main", this.tags, this.stem, this.picture, this.body, this.explain);
    this.el = h("section.scene.question", h("aside.q-side", this.dial.el, this.tally, this.floor), this.main);
    this.dial.addEventListener("second", ({ detail }) => wall.cues.second(this.phase, detail.seconds));
  }

  draw(frame) {
    const { phase, instance, index, question, reveal } = frame;
    if (!question) return;
    const { t } = this.wall;
    this.frame = frame;
    if (this.instance !== instance || this.index !== index) {
      this.instance = instance;
      this.index = index;
      this.drawn = "";
      write(this.stem, question.stem);
      put(this.picture, picture(question.picture, "img"));
      this.picture.hidden = !question.picture;
      this.picture.querySelector("img")?.addEventListener("load", () => this.fit());
      this.el.setAttribute("aria-label", t("question_n", { n: index + 1 }));
      this.el.style.setProperty("--fit", 1);
    }
    put(this.tags, ...this.tagsOf(question));
    const was = this.phase;
    this.phase = phase;
    const stage = `${phase === "locked" ? "open" : phase}${question.options.length}`;
    set(this.el, { "data-phase": phase, "data-play": question.play, "data-kind": question.kind });
    if (stage !== this.drawn) {
      this.drawn = stage;
      if (phase === "intro") put(this.body, h("p.q-ready", t(this.readyKey(question))));
      else if (phase === "reveal" && reveal) this.showAnswer(question, reveal, was);
      else this.showOptions(question);
    }
    this.explain.hidden = phase !== "reveal" || !reveal || !(reveal.explanation || reveal.citation);
    if (!this.explain.hidden) {
      put(this.explain, h("p", reveal.explanation), reveal.citation && h("p.q-cite", reveal.citation));
    }
    this.time(frame);
    this.count(frame);
    this.fit();
  }

  tagsOf({ points, stakes, play, practice, kind }) {
    const { t } = this.wall, bell = this.frame.event.mode === "bell";
    const tags = [];
    if (practice) tags.push(["plain", t("practice")]);
    else if (play === "poll") tags.push(["plain", t("poll")]);
    else if (play === "cloud") tags.push(["plain", t("cloud")]);
    else if (bell && stakes !== "safe") tags.push([stakes === "cutoff" ? "son" : "gold", t(stakes === "cutoff" ? "cutoff" : "out_if_wrong")]);
    else if (bell) tags.push(["jade", t("safe")]);
    else if (points) tags.push(["gold", t("points_n", { n: number(points) })]);
    if (play === "closest") tags.push(["plain", t("closest")]);
    if (kind === "multiple") tags.push(["plain", t("choose_many")]);
    return tags.map(([tone, text]) => h(`span.tag.tag-${tone}`, text));
  }

  readyKey({ kind, play }) {
    if (play === "cloud") return "ready_cloud";
    if (play === "closest" || kind === "numeric") return "ready_number";
    if (kind === "short") return "ready_short";
    if (kind === "ordering") return "ready_order";
    if (kind === "matching") return "ready_match";
    return "ready";
  }

  showOptions(question) {
    const { t } = this.wall;
    if (PLAIN.has(question.kind) || !question.options.length) {
      put(this.body, h("p.q-type", t(this.readyKey(question)), question.unit && h("b.q-unit", t("in_unit", { unit: question.unit }))));
      return;
    }
    const long = Math.max(...question.options.map(({ text }) => text.length)) > 64;
    const list = h("ol.opts", { "data-n": question.options.length, "data-long": long || question.kind === "ordering" },
      question.options.map(({ id, text }, index) => this.card(id, text, index)));
    put(this.body, question.kind === "matching" ? h("div.q-pairs", list, h("ol.opts.opts-to", question.targets.map(({ text }, index) => h("li.opt.opt-to", h("b.num", index + 1), h("span.opt-text", text))))) : list);
    if (!calm()) all(".opt", list).forEach((li, index) => li.animate([{ opacity: 0, transform: "translateY(1.4rem)" }, { opacity: 1, transform: "none" }], { duration: 260, delay: index * 70, easing: "cubic-bezier(.2,.7,.2,1)", fill: "backwards" }));
  }

  card(id, text, index) {
    return h("li.opt", { "data-key": id, "data-option": optionKey(index) }, mark(index), h("span.opt-text", text), h("span.opt-count.num"));
  }

  showAnswer(question, reveal, was) {
    const { t } = this.wall;
    if (question.play === "cloud") return cloud(this.body, reveal.cloud, t);
    if (PLAIN.has(question.kind)) return closest(this.body, { question, reveal, t });
    if (question.kind === "ordering" || question.kind === "matching") return this.showOrder(question, reveal);
    let list = this.body.querySelector(".opts");
    if (!list || was === "intro") {
      this.showOptions(question);
      list = this.body.querySelector(".opts");
    }
    const keyed = question.play !== "poll" && reveal.right.length > 0;
    const total = Math.max(1, Object.values(reveal.counts).reduce((sum, n) => sum + n, 0));
    const most = Math.max(1, ...Object.values(reveal.counts));
    const change = () => {
      list.dataset.bars = "";
      for (const li of all(".opt", list)) {
        const n = reveal.counts[li.dataset.key] ?? 0, right = reveal.right.includes(li.dataset.key);
        set(li, { "--share": n / most, "data-right": keyed && right, "data-wrong": keyed && !right });
        put(li.querySelector(".opt-count"), h("b", number(n)), h("small", `${Math.round((100 * n) / total)} %`), keyed && right && h("em", t("right")));
      }
    };
    // Cards of two columns move to their rows; FLIP needs to know where they were.
    if (was === "open" || was === "locked") (calm() ? change() : flip(list, change, { duration: 420 }));
    else change();
  }

  showOrder(question, reveal) {
    const { t } = this.wall;
    const by = new Map(question.options.map((one, index) => [one.id, { ...one, index }]));
    if (question.kind === "ordering") {
      const items = reveal.right.map((id) => by.get(id)).filter(Boolean);
      put(this.body, h("p.q-lead", t("right_order")), h("ol.opts", { "data-bars": true, "data-n": items.length },
        items.map(({ text, index }, place) => h("li.opt", { "data-option": optionKey(index), "data-right": true }, h("b.opt-place.num", place + 1), mark(index), h("span.opt-text", text)))));
      return;
    }
    const to = new Map(question.targets.map((one, index) => [one.id, { ...one, index }]));
    put(this.body, h("ol.opts", { "data-bars": true, "data-n": question.options.length }, question.options.map(({ text }, index) => {
      const target = to.get(reveal.right[index]);
      return h("li.opt", { "data-option": optionKey(index), "data-right": true }, mark(index), h("span.opt-text", text), target && h("span.opt-pair", h("b.num", target.index + 1), target.text));
    })));
  }

  time({ phase, opens_at: opens, closes_at: closes, paused, paused_at: pausedAt, question, reveal, answered, of }) {
    const { t } = this.wall, frozen = paused ? pausedAt : 0;
    if (phase === "intro") this.dial.count({ from: opens - Math.max(1000, this.introLength(opens)), to: opens, frozen });
    else if (phase === "open") this.dial.count({ from: opens, to: closes, frozen });
    else if (phase === "locked") this.dial.show(t("time_up"), 0, "son");
    else {
      const share = this.rightShare(question, reveal);
      if (share === null) this.dial.show(of ? `${Math.round((100 * answered) / of)} %` : "–", of ? answered / of : 0, "calm");
      else this.dial.show(`${Math.round(share.of ? (100 * share.n) / share.of : 0)} %`, share.of ? share.n / share.of : 0, "gold");
    }
  }

  introLength(opens) {
    if (this.introOf !== this.instance) {
      this.introOf = this.instance;
      this.intro = opens - this.wall.now();
    }
    return this.intro;
  }

  /** How many were right, where the counts tell it: one answer each. */
  rightShare(question, reveal) {
    if (!reveal || question.play === "poll" || question.play === "cloud" || !["single", "boolean"].includes(question.kind) || !reveal.right.length) return null;
    const n = reveal.right.reduce((sum, id) => sum + (reveal.counts[id] ?? 0), 0);
    return { n, of: Object.values(reveal.counts).reduce((sum, one) => sum + one, 0) + reveal.none };
  }

  count({ answered, of }) {
    const { t } = this.wall, { phase, question, reveal, event, standing, seats } = this.frame;
    Object.assign(this.frame, { answered, of });
    const share = phase === "reveal" ? this.rightShare(question, reveal) : null;
    write(this.answered, phase === "intro" ? "" : number(share ? share.n : answered));
    write(this.of, phase === "intro" ? "" : `/${number(share ? share.of : of)}`);
    write(this.what, phase === "intro" ? "" : t(share ? "right_of" : "answered_of"));
    if (phase === "open" || phase === "locked") this.dial.fill(of ? answered / of : 0);
    else this.dial.fill(0);
    this.floor.hidden = event.mode !== "bell" || phase === "intro";
    if (!this.floor.hidden) {
      const fell = phase === "reveal" ? [...seats].filter((one) => one === "f").length : 0;
      put(this.floor, h("b.num", number(standing)), h("span", t("on_floor")), fell > 0 && h("span.q-fell", t("left_floor", { n: number(fell) })));
    }
  }

  /** The largest letters with which everything has room. */
  fit() {
    for (let size = LARGEST[this.phase] ?? 1; size >= SMALLEST; size -= 0.03) {
      this.el.style.setProperty("--fit", size.toFixed(2));
      if (this.main.scrollHeight <= this.main.clientHeight + 1) return;
    }
  }

  leave() {
    this.dial.stop();
  }
}
