// After the end: thanks, the first ones once more, and where one's own result is.
import { greatBell } from "./wall_podium.js";
import { h, number, put } from "./dom.js";

export class EndScene {
  constructor(wall) {
    this.wall = wall;
    this.el = h("section.scene.ending", { "aria-label": wall.t("ended") });
  }

  draw({ phase, event, board, teams, players }) {
    const { t } = this.wall;
    const rows = (event.mode === "team" && teams.length ? teams : board).filter(({ rank }) => rank <= 3).slice(0, 5);
    put(this.el, h("div.ending-mark", greatBell()),
      h("div.ending-words", h("h2", t(phase === "aborted" ? "aborted" : "ended")),
        h("p", phase === "aborted" ? t("aborted_text") : t("ended_text", { n: number(players) })),
        rows.length > 0 && phase !== "aborted" && h("ol.podium-rest", rows.map(({ rank, name, points }) => h("li", { "data-rank": rank }, h("b.num", rank), h("span.name", name), event.mode !== "bell" && h("span.num", number(points)))))));
  }
}
