// The podium: third, second, first, petals once. For the golden bell: the last one standing and the great bell.
import { petals } from "../../js/petals.js";
import { STAR } from "./dial.js";
import { calm, find, h, number, put, s, set } from "./dom.js";

const STEPS = [[3, 700], [2, 2600], [1, 5200]]; // place, ms after the beginning
const REST = 7;                                 // more names beside the podium
const ON_STEP = 3, ALONE = 8, ALONE_GROUPS = 6; // names on one step of several, on the only one

/** The mark of the house, large enough to ring. */
export function greatBell() {
  const bell = find("#chuong").content.firstElementChild.cloneNode(true);
  return h("div.great-bell", { "aria-hidden": "true" }, s("svg", { class: "great-rays", viewBox: "0 0 200 200" }, s("path", { d: STAR })), bell);
}

export class PodiumScene {
  constructor(wall) {
    this.wall = wall;
    this.el = h("section.scene.podium-scene", { "aria-label": wall.t("podium") });
    this.timers = [];
  }

  draw(frame) {
    const { board, teams, event, standing, players, winners } = frame;
    const groups = event.mode === "team" && teams.length > 0;
    const rows = groups ? teams : board;
    const state = JSON.stringify([winners, rows.slice(0, 3 + REST).map(({ key, rank }) => [key, rank])]);
    if (state === this.state) return;
    this.state = state;
    this.leave();
    const won = new Set(winners);
    if (event.mode === "bell") this.bell(board, won, standing);
    else this.steps(rows, groups, won, players);
  }

  steps(rows, groups, won, players) {
    const { t, cues } = this.wall;
    const places = new Map();
    // The judges' word goes before the points; where nobody has a point nobody stands on the first step.
    const placeOf = ({ key, rank }) => (groups ? rank : won.has(key) ? 1 : Math.max(rank, won.size ? 2 : 4));
    for (const row of rows) {
      const place = placeOf(row);
      if (place <= 3) places.set(place, [...(places.get(place) ?? []), row]);
    }
    const block = (place) => {
      const people = places.get(place) ?? [], most = places.size > 1 ? ON_STEP : groups ? ALONE_GROUPS : ALONE;
      return h("li.step", { "data-place": place, "data-empty": !people.length, "data-many": people.length > 1, "data-groups": groups, "data-crowd": places.size === 1 && people.length > ON_STEP },
        h("div.step-who", people.slice(0, most).map(({ name, team, people: n }) => h("p", h("span.name", name), groups ? h("small.num", t("n_people", { n: number(n) })) : team && h("small", team))), people.length > most && h("p", t(groups ? "and_more_groups" : "and_more_people", { n: number(people.length - most) }))),
        h("div.step-block", place === 1 && s("svg", { class: "step-star", viewBox: "0 0 200 200", "aria-hidden": "true" }, s("path", { d: STAR })),
          h("b.num", h("span.visually-hidden", t("rank"), " "), place), people[0] && h("span.num", t("points_n", { n: number(people[0].points) }))));
    };
    const rest = rows.filter((row) => placeOf(row) > 3).slice(0, REST);
    put(this.el, h("h2.stage-title", t(groups ? "podium_teams" : "podium")),
      !places.size && h("p.q-ready", t("no_points")),
      h("div.podium-body", { "data-rest": rest.length > 0 }, h("ol.steps-row", [2, 1, 3].filter((place) => places.has(place)).map(block)),
        rest.length > 0 && h("ol.podium-rest", rest.map(({ rank, name, points }) => h("li", h("b.num", rank), h("span.name", name), h("span.num", number(points)))))),
      h("p.podium-thanks", t("of_players", { n: number(players) })));
    const show = (place) => this.el.querySelector(`[data-place="${place}"]`)?.setAttribute("data-shown", "");
    const end = () => {
      this.el.setAttribute("data-done", "");
      if (!calm()) petals(60);
    };
    if (calm()) {
      for (const [place] of STEPS) show(place);
      end();
      cues.first();
      return;
    }
    if (!places.size) return set(this.el, { "data-done": "" });
    const there = STEPS.filter(([place]) => places.has(place)), shift = there.length ? there[0][1] - STEPS[0][1] : 0;
    for (const [place, at] of there) {
      this.timers.push(setTimeout(() => {
        show(place);
        if (place > 1) cues.place();
        else {
          cues.first();
          end();
        }
      }, at - shift));
    }
    if (places.has(1)) this.timers.push(setTimeout(() => cues.beforeFirst(), Math.max(0, STEPS[2][1] - shift - 2000)));
  }

  bell(board, won, standing) {
    const { t, cues } = this.wall;
    const winners = board.filter(({ key }) => won.has(key)), one = won.size === 1;
    const names = winners.length > 8 ? winners.slice(0, 8) : winners;
    this.el.dataset.bell = "";
    put(this.el, greatBell(),
      h("div.bell-who", h("p.bell-title", t(one && standing === 1 ? "last_one" : one ? "rang" : won.size ? "rang_together" : "nobody_left")),
        h("ul", { "data-n": names.length }, names.map(({ name, team }) => h("li", h("span.name", name), team && h("small", team)))),
        !won.size && h("p.bell-more", t("nobody_rang")),
        won.size > names.length && h("p.bell-more", t("and_more_people", { n: number(won.size - names.length) }))),
      board.length > winners.length && h("ol.podium-rest.bell-rest", board.filter(({ key }) => !won.has(key)).slice(0, 4).map(({ rank, name }) => h("li", h("b.num", rank), h("span.name", name)))));
    set(this.el, { "data-done": "" });
    if (!won.size) return; // the bell did not ring
    cues.greatBell();
    if (!calm()) petals(60);
  }

  leave() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}
