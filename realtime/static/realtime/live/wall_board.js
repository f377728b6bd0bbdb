// The ranking: shown as it was, then everybody moves to the new place while the points count up. Teams and units take turns.
import { flip } from "../../js/flip.js";
import { calm, h, number, put, set, write } from "./dom.js";

const HOLD = 1100;   // ms the old order stays
const MOVE = 900;    // ms a row takes to its new place
const TURN = 12000;  // ms each board stays
const ROWS = 10, MOST = 20;

export class BoardScene {
  constructor(wall) {
    this.wall = wall;
    this.title = h("h2.stage-title");
    this.dots = h("div.board-dots", { "aria-hidden": "true" });
    this.body = h("div.board-body");
    this.el = h("section.scene.ranking", { "aria-label": wall.t("ranking") }, h("header.board-head", this.title, this.dots), this.body);
    this.shown = "";
  }

  draw(frame) {
    this.frame = frame;
    const views = this.views(frame);
    const state = `${frame.instance}/${frame.index}/${JSON.stringify(frame.board.map(({ key, points }) => [key, points]))}`;
    if (state === this.state) return;
    this.state = state;
    this.turn = 0;
    clearInterval(this.timer);
    this.show(views[0]);
    if (views.length > 1) {
      this.timer = setInterval(() => {
        this.turn += 1;
        const now = this.views(this.frame);
        this.show(now[this.turn % now.length]);
      }, TURN);
    }
  }

  views({ board, teams, units, event }) {
    const views = [];
    if (event.mode === "team" && teams.length) views.push("teams");
    if (board.length) views.push("people");
    if (event.mode !== "team" && teams.length) views.push("teams");
    if (units.length > 1) views.push("units");
    return views.length ? views : ["none"];
  }

  show(view) {
    const { t } = this.wall, { frame } = this;
    const views = this.views(frame);
    clearTimeout(this.moving);
    put(this.dots, ...(views.length > 1 ? views.map((one) => h("span", { "data-now": one === view })) : []));
    write(this.title, t({ people: "ranking", teams: "teams", units: "units", none: "ranking" }[view]));
    this.el.dataset.view = view;
    if (view === "none") put(this.body, h("p.q-ready", t("no_points")));
    else if (view === "people") this.people(frame.board);
    else this.groups(view === "teams" ? frame.teams : frame.units);
  }

  people(board) {
    const rows = board.slice(0, MOST), { t } = this.wall;
    const list = h("ol.rank-list", { "data-two": rows.length > ROWS, "data-n": Math.min(rows.length, ROWS), "--rows": rows.length > ROWS ? Math.ceil(rows.length / 2) : rows.length });
    const known = rows.some(({ was }) => was); // the first board has nobody new
    const items = new Map(rows.map((row) => {
      const delta = row.was ? row.was - row.rank : 0;
      return [row.key, h("li.rank", { "data-key": row.key, "data-rank": row.rank },
        h("b.rank-n.num", h("span.visually-hidden", t("rank"), " "), row.rank),
        h("span.rank-who", h("span.name", row.name), row.team && h("small", row.team)),
        h("span.rank-move.num", { "data-up": delta > 0, "aria-label": delta > 0 ? t("up_n", { n: delta }) : false }, delta > 0 ? `+${delta}` : row.was === 0 && known ? t("new") : ""),
        h("span.rank-points.num", number(row.points)))];
    }));
    const before = [...rows].sort((a, b) => (a.was || 1e6) - (b.was || 1e6) || a.rank - b.rank);
    const moved = before.some((row, index) => row.key !== rows[index].key);
    list.append(...(moved && !calm() ? before : rows).map(({ key }) => items.get(key)));
    put(this.body, list);
    set(list, { "data-old": moved && !calm() });
    if (!moved || calm()) return;
    this.moving = setTimeout(() => {
      list.removeAttribute("data-old");
      flip(list, () => list.append(...rows.map(({ key }) => items.get(key))), { duration: MOVE });
      this.wall.cues.moved();
    }, HOLD);
  }

  groups(rows) {
    const { t } = this.wall, top = rows.slice(0, ROWS);
    const most = Math.max(1, ...top.map(({ points }) => points));
    put(this.body, h("ol.rank-list.group-list", { "--rows": top.length, "data-n": top.length },
      top.map(({ key, rank, name, points, people }) => h("li.rank", { "data-key": key, "data-rank": rank, "--share": Math.max(0, points) / most },
        h("b.rank-n.num", h("span.visually-hidden", t("rank"), " "), rank),
        h("span.rank-who", h("span.name", name), h("small.num", t("n_people", { n: number(people) }))),
        h("span.rank-points.num", number(points))))));
  }

  leave() {
    clearInterval(this.timer);
    clearTimeout(this.moving);
  }
}
