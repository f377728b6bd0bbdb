// After the end: thanks, the first ones once more, and where one's own result is.
import { greatBell } from "./wall_podium.js";
import { h, number, put } from "./dom.js";

const SHOWN = 5; // rows beside the bell

export class EndScene {
  constructor(wall) {
    this.wall = wall;
    this.el = h("section.scene.ending", { "aria-label": wall.t("ended") });
  }

  draw({ phase, event, board, teams, players, winners }) {
    const { t } = this.wall, groups = event.mode === "team" && teams.length > 0, won = new Set(winners);
    // As on the podium: who won comes first, by the judges' word too; where nobody won nothing is gold.
    const placeOf = ({ key, rank }) => (groups ? rank : won.has(key) ? 1 : Math.max(rank, won.size ? 2 : 1));
    const first = (groups ? [...teams] : [...board]).filter((row) => placeOf(row) <= 3).sort((a, b) => placeOf(a) - placeOf(b));
    const rows = first.length > SHOWN ? first.slice(0, SHOWN - 1) : first, more = first.length - rows.length;
    put(this.el, h("div.ending-mark", greatBell()),
      h("div.ending-words", h("h2", t(phase === "aborted" ? "aborted" : "ended")),
        h("p", phase === "aborted" ? t("aborted_text") : t("ended_text", { n: number(players) })),
        rows.length > 0 && phase !== "aborted" && h("ol.podium-rest", rows.map((row) => h("li", { "data-rank": groups || won.size ? placeOf(row) : false }, h("b.num", placeOf(row)), h("span.name", row.name), event.mode !== "bell" && h("span.num", number(row.points))))),
        more > 0 && phase !== "aborted" && h("p.ending-more", t(groups ? "and_more_groups" : "and_more_people", { n: number(more) }))));
  }
}
