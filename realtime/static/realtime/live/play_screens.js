// Every screen of a phone but the question and the door: built from one frame, thrown away by the next.
import { h, LETTERS, number, optionKey, picture, shape } from "./dom.js";
import { shownOptions } from "./play_ask.js";

const NEAR = 1;   // rows above and below one's own
const TOP = 5;

const title = (text) => h("h2", { tabindex: -1 }, text);
const card = (...children) => h("section.card.center", ...children);

function mineLines({ you, event }, t) {
  return you && [you.seat > 0 && h("p.seat-plate", h("span", t("seat")), h("b.num", you.seat)), you.team && h("p", t("team", { name: you.team })),
    you.name_state === "waiting" && h("p.note", t("name_waiting")), you.name_state === "refused" && h("p.note", t("name_refused")), event.mode === "bell" && you.status === "reserve" && h("p.note", t("reserve_text"))];
}

/** One row of a board. */
const row = ({ rank, name, points, people }, own, t) => h("li", { "data-own": own, "data-rank": rank }, h("b.num", rank), h("span.name", name, own && h("em", t("you")), people > 0 && h("small", ` ${number(people)}`)), h("span.num", number(points)));

/** The first rows, then one's own neighbourhood. */
function near(board, you, t) {
  const at = you ? board.findIndex(({ key }) => key === you.key) : -1;
  const lines = board.slice(0, TOP).map((one, index) => row(one, index === at, t));
  const own = you && you.rank > 0 ? { rank: you.rank, name: you.name, points: you.points, key: you.key } : null;
  if (at >= TOP) {
    const from = Math.max(TOP, at - NEAR);
    if (from > TOP) lines.push(h("li.gap", { "aria-hidden": "true" }, "···"));
    lines.push(...board.slice(from, at + NEAR + 1).map((one) => row(one, one.key === you.key, t)));
  } else if (at < 0 && own) lines.push(h("li.gap", { "aria-hidden": "true" }, "···"), row(own, true, t));
  return lines.length ? h("ol.board", lines) : h("p.muted", t("no_points"));
}

function groups(list, you, t, name) {
  return list.length > 0 && h("div", name && h("h3", t(name)), h("ol.board", list.slice(0, TOP).map((one) => row(one, Boolean(you?.team) && one.name === you.team, t))));
}

/** Words, colour and drawing for what became of an answer. */
function verdict(frame, t) {
  const { you, question } = frame;
  if (!you) return ["noted", t("right_answer")];
  const plain = question.play === "poll" || question.play === "cloud";
  if (!you.answered) return ["none", t("unanswered")];
  if (plain || you.right === null) return ["noted", t("noted")];
  if (question.play === "closest") return you.right >= 1000 ? ["right", t("came_nearest")] : ["noted", t("not_nearest")]; // a guess is not half right
  return you.right >= 1000 ? ["right", t("right")] : you.right > 0 ? ["partly", t("partly")] : ["wrong", t("wrong")];
}

/** Option ids as marks with their text, in the order given. */
function told(frame, ids) {
  const options = shownOptions(frame);
  return ids.map((id) => {
    const index = options.findIndex((one) => one.id === id);
    return index < 0 ? null : h("span.told", { "data-option": optionKey(index) }, h("span.mark", shape(index), h("span", LETTERS[index])), options[index].text && h("span", options[index].text));
  }).filter(Boolean);
}

function floorNews(frame, before, t) {
  const { you, event, standing, index, question } = frame;
  if (event.mode !== "bell" || !you) return null;
  if (you.status === "in" && before?.you && before.you.status !== "in") return h("p.news.news-good", h("b", t("rescued")), " ", t("rescued_text", { n: you.seat }));
  if (you.status === "in" && standing === 1) return h("p.news.news-good", h("b", t("last_one")));
  if (you.status === "in") return question && question.play === "quiz" && h("p.news.news-good", h("b", t("still_in")), " ", t("still_in_text", { n: number(standing) }));
  if (you.status === "out" && you.answered !== undefined && before?.you?.status === "in") return h("p.news.news-bad", h("b", t("fell", { n: index + 1 })), " ", t(you.ghost ? "ghost_text" : "fell_text"));
  if (you.status === "out") return h("p.news", h("b", t("ghost")), " ", t(you.ghost ? "ghost_text" : "fell_text"));
  return you.status === "reserve" && h("p.news", h("b", t("reserve")), " ", t("reserve_text"));
}

let fallen = null; // the frame at which one was still in, kept while the answer is on the screen

export const screens = {
  loading: (_frame, { t }) => card(h("p.loading", t("connecting"))),

  lobby(frame, { t, room, watching }) {
    const { you } = frame;
    if (watching || you?.status === "spectator") return card(title(t("spectating")), h("p", t("spectating_text")));
    return card(h("p.muted", t(you?.status === "reserve" ? "reserve" : "you_are_in")), h("h2.big-name", { tabindex: -1 }, you?.name ?? room.name), mineLines(frame, t), h("p", t("look_up")));
  },

  intro(frame, { t, before }) {
    const { question, event } = frame, back = event.mode === "bell" && frame.you?.status === "in" && before?.you && before.you.status !== "in" && before.index >= 0;
    return h("section.ask", back && floorNews(frame, before, t), h("h2.stem", { tabindex: -1 }, question.stem || t("get_ready")), picture(question.picture), h("p.muted", { "data-say": true }, t(question.stem ? "options_soon" : "on_wall")));
  },

  look(frame, { t }) {
    const { question } = frame;
    return h("section.ask", h("h2.stem", { tabindex: -1 }, question.stem || t("on_wall")), picture(question.picture), frame.event.rules.phone_shows !== "letters" && question.options.length > 0 && h("div.ask-body", question.options.map(({ text }, index) => h("div.opt.opt-look", { "data-option": optionKey(index) }, h("span.mark", shape(index), h("span", LETTERS[index])), h("span.opt-text", text)))), h("p.ask-note", (frame.you && floorNews(frame, null, t)) || t("spectating_text")));
  },

  paused: (_frame, { t }) => card(title(t("paused")), h("p", t("paused_text"))),

  locked(frame, { t, ask }) {
    const { you } = frame, waiting = ask.pending?.instance === frame.instance && !you?.answered;
    return card(title(t("time_up")), h("p", t(waiting ? "kept" : you?.answered || !you ? "received_text" : you.status === "in" || you.ghost ? "no_answer" : "time_up_text")));
  },

  reveal(frame, { t, before }) {
    const { you, reveal, question, event, instance } = frame;
    if (!fallen || fallen.instance !== instance) fallen = { instance, before: before && before.instance === instance && before.phase !== "reveal" ? before : null };
    const [tone, words] = verdict(frame, t), bell = event.mode === "bell";
    const keyed = question.play !== "poll" && question.play !== "cloud";
    const mine = you?.answered && you.response !== null ? told(frame, Array.isArray(you.response) ? you.response : [you.response]) : [];
    const right = keyed && reveal ? told(frame, reveal.right) : [];
    const most = !keyed && reveal ? Math.max(0, ...Object.values(reveal.counts)) : 0;
    const top = most > 0 ? Object.keys(reveal.counts).filter((id) => reveal.counts[id] === most) : [];
    const gained = you && you.gained !== 0 && (!bell || you.ghost) && h("p.gained.num", t(you.gained > 0 ? "gained" : "lost", { n: number(Math.abs(you.gained)) }));
    return h("section.reveal", { "data-tone": tone },
      h("div.verdict", h("h2", { tabindex: -1 }, words), gained,
        you && !bell && keyed && you.rank > 0 && h("p.num", t("rank_of", { n: number(you.rank), of: number(you.of) })),
        you && event.rules.streak && you.streak > 1 && h("p.streak.num", t("streak", { n: you.streak }))),
      floorNews(frame, fallen.before, t),
      reveal && keyed && h("div.card.answer", { "data-say": true }, h("h3", t("right_answer")), question.kind === "matching" || !right.length ? h("p.answer-text", reveal.text) : h("div.told-list", right.some((el) => el.children.length > 1) ? right : [...right, h("p.answer-text", reveal.text)]),
        question.play === "closest" && reveal.nearest.length > 0 && h("div.mine-told", h("h3", t("nearest")), h("p", reveal.nearest.map(({ name, text }) => `${name} (${text})`).join(", "))),
        question.play === "closest" && you?.answered && you.response !== null && h("div.mine-told", h("h3", t("your_number")), h("p", `${you.response} ${question.unit}`)),
        tone !== "right" && mine.length > 0 && question.kind !== "ordering" && question.kind !== "matching" && h("div.mine-told", h("h3", t("your_choice")), h("div.told-list", mine))),
      top.length > 0 && h("div.card.answer", h("h3", t("most")), h("div.told-list", told(frame, top))),
      reveal && question.play === "cloud" && reveal.cloud.length > 0 && h("div.card.answer", h("h3", t("most")), h("p.words", reveal.cloud.slice(0, 12).map(({ text, n }) => h("span", `${text}\u00a0·\u00a0${n}`)))),
      reveal?.explanation && h("div.card.why", h("h3", t("why")), h("p", reveal.explanation), reveal.citation && h("p.muted", reveal.citation), reveal.url && h("a", { href: reveal.url, target: "_blank", rel: "noopener noreferrer" }, t("source"))));
  },

  board(frame, { t, before }) {
    const { you, board, teams, units, event, ghosts } = frame;
    if (event.mode === "bell") {
      return h("section.boards", title(t("board")), floorNews(frame, before, t), you?.ghost && ghosts.length > 0 ? h("ol.board", ghosts.slice(0, 10).map((one) => row(one, one.key === you.key, t))) : near(board, you, t));
    }
    const above = you && board.find(({ rank }) => rank === you.rank - 1);
    return h("section.boards", title(t(event.mode === "team" && teams.length ? "teams" : "board")),
      you && you.rank > 0 && h("p.place-line", h("b.num", t("rank_of", { n: number(you.rank), of: number(you.of) })), above && above.points > you.points && h("span.muted.num", t("gap_above", { n: number(above.points - you.points) }))),
      event.mode === "team" && groups(teams, you, t), event.mode === "team" && h("h3", t("board")), near(board, you, t), event.mode !== "team" && groups(units.length > 1 ? units : [], you, t, "units_board"));
  },

  rescue(frame, { t, before }) {
    return card(title(t("rescue")), h("p", t("rescue_text")), floorNews(frame, before, t));
  },

  result(frame, { t, room }) {
    const { you, phase, event, board, teams } = frame;
    if (phase === "aborted") return card(title(t("aborted")), h("p", t("aborted_text")), h("a.go", { href: "/" }, t("home")));
    const bell = event.mode === "bell", first = Boolean(you?.won);
    return h("section.boards",
      you
        ? h("div.result", { "data-first": first }, h("p.muted", you.name), h("h2", { tabindex: -1 }, bell && first ? t("rang") : first ? t("first") : you.rank > 0 ? t("place", { n: number(you.rank) }) : t("thanks")),
          you.rank > 0 && h("p", t("of_people", { n: number(you.of) })), !bell && h("p.result-points.num", t("points_n", { n: number(you.points) })), bell && you.ghost && h("p.num", `${t("ghost")}: ${t("points_n", { n: number(you.points) })}`),
          you.correct > 0 && h("p.num", t("correct_n", { n: number(you.correct) })), bell && frame.winners.length === 0 && h("p.muted", t("nobody_rang")))
        : card(title(t("thanks"))),
      h("p.muted.center", t(phase === "podium" ? "podium_soon" : "ended_text")),
      phase === "ended" && room.certificate && h("a.go", { href: room.certificate }, t("certificate")),
      event.mode === "team" && groups(teams, you, t, "teams"), near(board, you, t), phase === "ended" && h("a.go", { href: "/" }, t("home")));
  },

  kicked: (_frame, { t, leave, room, banned }) => {
    leave();
    return card(title(t("kicked")), h("p", t("kicked_text")), !banned && h("a.go", { href: room.path }, t("come_back")), h("a.quiet", { href: "/choi/" }, t("other_pin")));
  },
  gone: (_frame, { t }) => card(title(t("gone")), h("a.go", { href: "/choi/" }, t("other_pin"))),
  over: (_frame, { t, room }) => card(title(t("thanks")), h("p", t("ended_text")), room.certificate && h("a.go", { href: room.certificate }, t("certificate")), h("a.go", { href: "/choi/" }, t("other_pin"))),
};
