// Before the start: how to come in, and who has. Names land one by one; each lights a dot of the drum.
import { calm, find, h, number, put, s, shape, write } from "./dom.js";
import { STAR } from "./dial.js";

const RINGS = [[62, 28], [72, 42], [82, 56], [92, 74]]; // radius, dots
const NAMES = 36;     // on the wall at once
const EVERY = 110;    // ms between two that land
const PATTERN = { "▲": 0, "●": 1, "◆": 2, "■": 3 };

export class LobbyScene {
  constructor(wall) {
    const { t } = wall;
    this.wall = wall;
    this.known = null;
    this.queue = [];
    this.url = h("b.lobby-url");
    this.pin = h("b.lobby-pin.num");
    this.qr = h("div.stage-qr.lobby-qr");
    this.pattern = h("span.lobby-pattern", { role: "img" });
    this.shapes = h("p.lobby-step", { hidden: true }, h("span.lobby-n", "3"), h("span", t("press_shapes")), this.pattern);
    this.names = h("ul.lobby-names", { "aria-label": t("who_is_in") });
    this.number = h("b.num");
    this.words = h("span");
    this.dots = RINGS.map(([r, n]) => s("circle", { class: "drum-dots", cx: 100, cy: 100, r, pathLength: n, "stroke-dasharray": `0 ${n}` }));
    this.drum = h("div.lobby-drum", s("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" },
      s("circle", { class: "ring-ground", cx: 100, cy: 100, r: 99 }),
      ...RINGS.map(([r, n]) => s("circle", { class: "drum-ground", cx: 100, cy: 100, r, pathLength: n, "stroke-dasharray": "0 1" })),
      ...this.dots, s("path", { class: "ring-star", d: STAR, transform: "translate(100 100) scale(.86) translate(-100 -100)" }),
      s("circle", { class: "ring-core", cx: 100, cy: 100, r: 37 })),
    h("p.lobby-count", this.number, this.words));
    this.locked = h("p.lobby-locked", { hidden: true }, t("locked"));
    this.el = h("section.scene.lobby", { "aria-label": t("lobby") },
      h("div.lobby-how",
        h("p.lobby-step", h("span.lobby-n", "1"), h("span", t("open_page"), " ", this.url)),
        h("p.lobby-step", h("span.lobby-n", "2"), h("span", t("enter_pin"))),
        this.pin, this.shapes, this.locked),
      h("div.lobby-scan", this.qr, h("p", t("or_scan"))),
      h("div.lobby-hall", this.drum, this.names));
  }

  draw({ join, players, names, locked }) {
    if (join) {
      write(this.url, this.wall.joinText(join.url));
      if (this.pin.dataset.pin !== join.pin) {
        this.pin.dataset.pin = join.pin;
        put(this.pin, ...join.pin.match(/\d{1,3}/g).map((part) => h("span", part)));
        this.pin.setAttribute("aria-label", [...join.pin].join(" "));
      }
      if (this.qr.dataset.url !== join.qr_svg_url) {
        this.qr.dataset.url = join.qr_svg_url;
        put(this.qr, h("img", { src: join.qr_svg_url, alt: this.wall.t("qr_alt", { url: this.wall.joinText(join.url) }) }));
      }
    }
    this.el.toggleAttribute("data-closed", !join || locked);
    this.locked.hidden = !locked && Boolean(join);
    write(this.locked, this.wall.t(locked ? "locked" : "not_yet"));
    const pattern = (!locked && join?.pattern) || "";
    this.shapes.hidden = !pattern;
    if (this.pattern.dataset.now !== pattern) {
      this.pattern.dataset.now = pattern;
      put(this.pattern, ...[...pattern].map((one) => h("span", { "data-option": "abcd"[PATTERN[one]] }, shape(PATTERN[one]))));
      this.pattern.setAttribute("aria-label", this.wall.t("pattern", { shapes: [...pattern].map((one) => this.wall.t(`shape_${PATTERN[one]}`)).join(", ") }));
    }
    this.drop(names);
    this.count({ players, names: this.known ? names.filter((one) => !this.known.has(one)) : [] });
    if (!this.known) {
      this.known = new Set(names);
      for (const one of names.slice(-NAMES)) this.land(one, false);
    }
  }

  /** Who was sent out or renamed leaves the wall: in the last whole state, not in this one. A count's names may be newer. */
  drop(names) {
    const here = new Set(names), gone = [...(this.stated ?? [])].filter((one) => !here.has(one));
    this.stated = here;
    for (const one of gone) this.known?.delete(one);
    this.queue = this.queue.filter((one) => !gone.includes(one));
    for (const li of [...this.names.children]) if (gone.includes(li.dataset.key)) li.remove();
  }

  count({ players, names = [] }) {
    write(this.number, number(players));
    write(this.words, this.wall.t("people_in", { n: players }));
    let left = players;
    this.dots.forEach((dots, ring) => {
      const [, n] = RINGS[ring], lit = Math.max(0, Math.min(n, left));
      left -= n;
      dots.setAttribute("stroke-dasharray", lit ? `${"0 1 ".repeat(lit - 1)}0 ${n - lit + 1}` : `0 ${2 * n}`);
      dots.toggleAttribute("hidden", !lit);
      dots.setAttribute("opacity", lit ? 1 : 0);
    });
    // A name may come by a count and again by the next whole state.
    for (const one of names) {
      if (this.known?.has(one)) continue;
      this.known?.add(one);
      this.queue.push(one);
    }
    this.queue = this.queue.slice(-NAMES);
    this.next();
  }

  next() {
    if (this.timer || !this.queue.length) return;
    this.land(this.queue.shift(), true);
    this.wall.cues.joined();
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.next();
    }, EVERY);
  }

  land(name, flying) {
    const li = h("li", { "data-key": name }, name);
    this.names.prepend(li);
    if (flying && !calm()) {
      li.animate([
        { transform: `translate(${Math.random() * 40}vw, 26vh) scale(2.2) rotate(${Math.random() * 16 - 8}deg)`, opacity: 0.4 },
        { transform: "none", opacity: 1 },
      ], { duration: 720, easing: "cubic-bezier(.2, .9, .25, 1.12)" });
    }
    while (this.names.children.length > NAMES) this.names.lastElementChild.remove();
    // Only whole rows are on the wall; who came first makes room.
    // Offsets do not know of names that are still in the air.
    const { names } = this, bottom = () => names.lastElementChild.offsetTop + names.lastElementChild.offsetHeight - names.offsetTop;
    while (bottom() > names.clientHeight && names.children.length > 1) names.lastElementChild.remove();
  }

  leave() {
    clearTimeout(this.timer);
    this.queue = [];
  }

  fit() {
    find("li", this.names)?.offsetHeight; // a new width: rows that no longer fit leave with the next name
  }
}
