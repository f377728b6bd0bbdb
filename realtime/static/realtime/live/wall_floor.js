// The floor of Rung chuông vàng: numbered seats emptying out, who fell, the rescue.
import { calm, h, number, put, set, write } from "./dom.js";

const STAGGER = 70;        // ms between two that fall
const LONGEST = 4200;      // ms until the last of them has fallen, however many
const LISTED_PEOPLE = 4;
const LISTED = 14;         // fallen numbers said beside the map; more are counted

export class FloorScene {
  constructor(wall) {
    const { t } = wall;
    this.wall = wall;
    this.map = h("ol.seats", { "aria-label": t("seat_map") });
    this.standing = h("b.num");
    this.title = h("h2.floor-title");
    this.news = h("div.floor-news");
    this.el = h("section.scene.floor", { "aria-label": t("seat_map") }, this.map,
      h("aside.floor-side", this.title, h("p.floor-standing", this.standing, h("span", t("on_floor"))), this.news));
    this.seats = "";
  }

  draw(frame) {
    const { seats, standing, phase, rescue, instance, ghosts, fell: named } = frame;
    const { t } = this.wall;
    this.frame = frame;
    set(this.el, { "data-phase": phase });
    if (this.map.children.length !== seats.length) {
      put(this.map, ...[...seats].map((_, index) => h("li.seat", { "data-n": index + 1 }, h("span.num", index + 1))));
      this.fit();
    }
    const candidates = new Set(rescue?.candidates.map(({ seat }) => seat));
    const fell = [], back = [];
    [...seats].forEach((state, index) => {
      const li = this.map.children[index];
      if (state === "f") fell.push(index + 1);
      if (state === "r") back.push(index + 1);
      const wait = state === "f" || state === "r" ? Math.min(STAGGER, LONGEST / Math.max(1, fell.length + back.length)) * (state === "f" ? fell.length : back.length) : 0;
      set(li, { "data-state": state, "data-candidate": candidates.has(index + 1), "--delay": `${calm() ? 0 : 500 + wait}ms`, "aria-label": t(`seat_${state === "-" ? "empty" : state}`, { n: index + 1 }) });
    });
    // The fall is played once; a frame that repeats the same state finds it played.
    const play = `${instance}/${fell.length}/${back.length}`;
    if (this.played !== play) {
      this.played = play;
      this.map.toggleAttribute("data-still", calm());
      this.map.replaceWith(this.map); // animations of the states begin anew
      if (fell.length) this.wall.cues.fell(fell.length);
      if (back.length) this.wall.cues.rescued(back.length);
    }
    write(this.title, phase === "rescue" ? t("rescue") : standing === 1 ? t("last_one") : fell.length || phase === "reveal" ? t("after_question", { n: frame.index + 1 }) : t("floor"));
    write(this.standing, number(standing));
    this.el.toggleAttribute("data-last", standing === 1);
    this.tell({ fell, back, rescue, seats, standing, ghosts, phase, named });
  }

  tell({ fell, back, rescue, seats, standing, ghosts, phase, named }) {
    const { t } = this.wall;
    const said = [];
    const numbers = (title, list, tone) => h(`div.floor-box.floor-${tone}`, h("p", title), h("p.floor-numbers.num", list.slice(0, LISTED).map((n) => h("b", n)), list.length > LISTED && h("span", t("and_more", { n: number(list.length - LISTED) }))));
    if (back.length) said.push(numbers(t("came_back", { n: number(back.length) }), back, "back"));
    if (phase === "rescue" && rescue?.candidates.length) {
      said.push(h("div.floor-box.floor-rescue", h("p", rescue.quota ? t("may_return", { n: number(rescue.quota) }) : t("may_return_any")),
        h("ul", rescue.candidates.slice(0, LISTED_PEOPLE).map(({ seat, name, unit }) => h("li", h("b.num", seat), h("span.name", name), unit && h("small", unit)))),
        rescue.candidates.length > LISTED_PEOPLE && h("p.floor-more", t("and_more_people", { n: number(rescue.candidates.length - LISTED_PEOPLE) }))));
    } else if (fell.length && fell.length <= LISTED_PEOPLE + 2 && named.length >= fell.length) {
      said.push(h("div.floor-box.floor-fell", h("p", t("fell_n", { n: number(fell.length) })), h("ul", named.map(({ seat, name }) => h("li", h("b.num", seat), h("span.name", name))))));
    } else if (fell.length) said.push(numbers(t("fell_n", { n: number(fell.length) }), fell, "fell"));
    else if (phase === "reveal" && !back.length && standing) said.push(h("p.floor-box.floor-back", t("nobody_fell")));
    const standers = [...seats].flatMap((one, index) => ("ir".includes(one) ? [index + 1] : []));
    if (standers.length && standers.length <= 10 && phase !== "rescue") said.push(numbers(t("still_standing"), standers, "in"));
    else if (ghosts.length && phase === "board") {
      said.push(h("div.floor-box.floor-ghosts", h("p", t("ghosts")), h("ol", ghosts.slice(0, 5).map(({ rank, name, points }) => h("li", h("b.num", rank), h("span.name", name), h("span.num", number(points)))))));
    }
    put(this.news, ...said);
  }

  /** As many columns as make the seats largest. */
  fit() {
    const n = this.map.children.length;
    if (!n || !this.map.isConnected) {
      requestAnimationFrame(() => this.map.isConnected && n && this.fit());
      return;
    }
    const { clientWidth: width, clientHeight: height } = this.map;
    // Rows of tens are found at once, rows of fives nearly so; they win unless the seats would become much smaller.
    let best = { size: 0, worth: 0, columns: 1 };
    for (let columns = 1; columns <= n; columns++) {
      const size = Math.min(width / columns, height / Math.ceil(n / columns));
      const worth = size * (columns % 10 === 0 ? 1.25 : columns % 5 === 0 ? 1.12 : 1);
      if (worth > best.worth) best = { size, worth, columns };
    }
    const size = Math.min(best.size, height / 4); // a handful of seats need not fill the wall
    // Whoever is last grows towards the middle, not over the edge.
    const end = (place, most) => (most < 2 ? "50%" : place === 0 ? "0%" : place === most - 1 ? "100%" : "50%");
    [...this.map.children].forEach((li, index) => set(li, { "--from": `${end(index % best.columns, best.columns)} ${end(Math.floor(index / best.columns), Math.ceil(n / best.columns))}` }));
    set(this.map, { "--columns": best.columns, "--seat": `${Math.floor(size * 100) / 100}px` });
  }
}
