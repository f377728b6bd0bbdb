// The drum ring of a question: counts seconds by the server's clock. One for the wall, a small one for phones.
import { h, s, write } from "./dom.js";

const GOLD = 10000, SON = 5000; // ms left: from here on gold, cinnabar

function star(rays, outer, inner, centre) {
  const points = [];
  for (let step = 0; step < 2 * rays; step++) {
    const r = step % 2 ? inner : outer, angle = (Math.PI * step) / rays - Math.PI / 2;
    points.push(`${(centre + r * Math.cos(angle)).toFixed(1)} ${(centre + r * Math.sin(angle)).toFixed(1)}`);
  }
  return `M${points.join("L")}Z`;
}
export const STAR = star(14, 62, 45, 100);

/** `new Dial({ rich, now })`: `rich` draws the whole drum, `now()` is the server's clock in ms. */
export class Dial extends EventTarget {
  constructor({ rich = false, now }) {
    super();
    this.now = now;
    const circle = (name, r, width, more = {}) => s("circle", { class: name, cx: 100, cy: 100, r, "stroke-width": width, ...more });
    this.time = circle("ring-time", 90, 12, { pathLength: 1, "stroke-dasharray": "1 1" });
    this.done = circle("ring-done", 77, 6, { pathLength: 1, "stroke-dasharray": "0 1" });
    this.svg = s("svg", { viewBox: "0 0 200 200", "aria-hidden": "true", focusable: "false" },
      circle("ring-ground", 99, 0), circle("ring-track", 90, 12), this.time);
    if (rich) {
      this.svg.append(circle("ring-done-track", 77, 6), this.done,
        circle("ring-decor", 68, 4, { "stroke-linecap": "round", pathLength: 56, "stroke-dasharray": "0 1" }),
        s("path", { class: "ring-star", d: STAR }), circle("ring-core", 44, 0));
    }
    this.text = h("span.ring-text.num");
    this.el = h("div.ring", { role: "timer", "data-level": "calm" }, this.svg, this.text);
    this.timer = 0;
  }

  /** Count from `from` to `to` (server ms); `frozen` is a moment at which the clock stands (paused), or 0. */
  count({ from, to, frozen = 0 }) {
    if (this.from === from && this.to === to && this.frozen === frozen) return;
    Object.assign(this, { from, to, frozen, shown: null, over: false });
    this.tick();
  }

  /** Stand still and say something: "Hết giờ", "72 %". `share` 0–1 fills the outer ring. */
  show(text, share = 0, level = "calm") {
    clearTimeout(this.timer);
    this.from = this.to = null;
    this.el.dataset.level = level;
    write(this.text, text);
    this.text.toggleAttribute("data-long", String(text).length > 4);
    this.arc(share);
  }

  /** The inner ring: share answered, 0–1. */
  fill(share) {
    this.done.setAttribute("stroke-dasharray", `${Math.max(0, Math.min(1, share || 0))} 1`);
  }

  arc(share) {
    this.time.setAttribute("stroke-dasharray", `${Math.max(0, Math.min(1, share))} 1`);
  }

  tick() {
    clearTimeout(this.timer);
    if (this.to === null || this.to === undefined) return;
    const left = Math.max(0, this.to - (this.frozen || this.now())), total = Math.max(1, this.to - this.from);
    const seconds = Math.ceil(left / 1000);
    if (seconds !== this.shown) {
      const before = this.shown;
      this.shown = seconds;
      write(this.text, seconds);
      this.text.removeAttribute("data-long");
      this.el.dataset.level = left < SON + 50 ? "son" : left < GOLD + 50 ? "gold" : "calm";
      // The arc sweeps for a second towards where it will be (CSS transition); under reduced motion it steps.
      this.arc((this.frozen ? left : Math.max(0, left - 1000)) / total);
      if (!this.frozen) this.dispatchEvent(new CustomEvent("second", { detail: { seconds, before } }));
    }
    if (!left && !this.over && !this.frozen) {
      this.over = true;
      this.dispatchEvent(new CustomEvent("over"));
    }
    if (left && !this.frozen) this.timer = setTimeout(() => this.tick(), Math.min(1000, left % 1000 || 1000) + 12);
  }

  stop() {
    clearTimeout(this.timer);
    this.from = this.to = null;
  }
}
