// Coming in: one field, or none. What else is asked, the rules ask: a unit, a team's code, the shapes on the wall.
import { find, h, put, shape, write } from "./dom.js";

const SHAPES = "▲●◆■";

export function joinScreen({ t, room, link, watch }) {
  let turn = 0, pattern = "";
  const error = h("p.error", { role: "alert", id: "join-error", hidden: true });
  const say = (text) => {
    error.hidden = !text;
    write(error, text);
  };
  const look = room.spectators && h("button.quiet", { type: "button", onclick: watch }, t("watch"));
  if (!room.open) return h("section.card.center", h("h2", { tabindex: -1 }, t("connecting")), h("p", t("not_open")));
  if (room.needs_account) {
    return h("section.card", h("h2", { tabindex: -1 }, t("join")), h("p", t("needs_account")),
      h("a.go", { href: room.sign_in, "data-sign-in": true }, t("sign_in")), look);
  }
  const name = h("input", { id: "ten", name: "name", maxlength: 40, autocomplete: "nickname", autocapitalize: "words", spellcheck: "false", enterkeyhint: "go", "aria-describedby": "ten-hint join-error", placeholder: room.proposals[0] ?? "" });
  name.value = room.name;
  const another = room.proposals.length > 0 && h("button.quiet", { type: "button", onclick() {
    name.value = room.proposals[turn++ % room.proposals.length];
    name.focus();
  } }, t("another_name"));
  const unit = room.units.length > 0 && h("select", { id: "don-vi", required: true }, h("option", { value: "" }, t("choose_unit")), room.units.map(([code, label]) => h("option", { value: code, selected: code === room.unit }, label)));
  const team = room.team_code && h("input", { id: "doi", maxlength: 20, autocomplete: "off", autocapitalize: "characters" });
  const chosen = h("div.shapes-chosen", { "aria-hidden": "true" }), said = h("p.muted", { role: "status" });
  const paint = () => {
    put(chosen, [0, 1, 2, 3].map((place) => h("span", { "data-option": pattern[place] ? "abcd"[SHAPES.indexOf(pattern[place])] : false }, pattern[place] && shape(SHAPES.indexOf(pattern[place])))));
    write(said, pattern ? t("pattern_done", { n: pattern.length }) : "");
  };
  const shapes = room.pattern && h("fieldset.field", h("legend", t("pattern")), chosen, h("div.shapes", [0, 1, 2, 3].map((index) => h("button", { type: "button", "data-option": "abcd"[index], "aria-label": t(`shape_${index}`), onclick() {
    if (pattern.length < 4) pattern += SHAPES[index];
    paint();
  } }, shape(index)))), h("div.row", said, h("button.quiet", { type: "button", onclick() {
    pattern = "";
    paint();
  } }, t("again"))));
  paint();
  const go = h("button.go", t("join"));
  const form = h("form.card.form", { novalidate: true },
    h("h2", { tabindex: -1 }, t("join")),
    room.asks_name
      ? h("div.field", h("div.row", h("label", { for: "ten" }, t("your_name")), another), name, h("p.muted", { id: "ten-hint" }, t("name_hint")))
      : h("p", room.names === "system" ? t("system_name") : [`${t("as_name")} `, h("b", room.name)]),
    unit && h("div.field", h("label", { for: "don-vi" }, t("unit")), unit),
    team && h("div.field", h("label", { for: "doi" }, t("team_code")), team),
    shapes, error, go, look);
  const busy = (now) => {
    go.toggleAttribute("data-busy", now);
    go.setAttribute("aria-disabled", now);
    write(go, t(now ? "joining" : "join"));
  };
  const send = () => {
    busy(true);
    clearTimeout(form.again);
    form.again = setTimeout(() => busy(false), 8000); // nothing came back: let them press again
    link.join({ ticket: room.ticket, name: room.asks_name ? name.value.trim() || room.proposals[0] || "" : "", unit: unit ? unit.value : "", team: team ? team.value.trim() : "", pattern });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (go.hasAttribute("data-busy")) return;
    if (room.asks_name && !name.value.trim() && !room.proposals.length) say(t("need_name"));
    else if (unit && !unit.value) say(t("need_unit"));
    else if (room.pattern && pattern.length < 4) say(t("need_pattern"));
    else {
      say("");
      send();
    }
  });
  form.addEventListener("denied", ({ detail: { code, text, retry_ms: wait } }) => {
    clearTimeout(form.again);
    if (code === "busy" && wait > 0) {
      form.again = setTimeout(send, wait * (1 + Math.random() / 2)); // the queue moves; nobody has to press again
      say(text);
      return;
    }
    busy(false);
    say(text);
    if (code === "wrong_pattern") {
      pattern = "";
      paint();
    }
    if (code === "sign_in") find("[data-sign-in]", form) ?? go.before(h("a.go", { href: room.sign_in }, t("sign_in")));
    if (code === "bad_ticket") go.before(h("a.go", { href: room.path }, t("again")));
    if (room.asks_name) name.focus();
  });
  return form;
}
