// The judges' dialog: a key that is taken too, a question that does not count, who has won, somebody onto or off the floor.
import { toast } from "../../js/ui.js";
import { command, find, now, page, say, setText, words } from "./host.js";

const LETTERS = "ABCDEFGH";
const judge = find("judge");
let ruled = null;   // the player a ruling in or out is about
let asked = [];     // questions that may be judged, as the server gives them; empty: the present one alone
let after = () => {};

/** What to do when a decision has been written. */
export function ruledBy(act) {
  after = act;
}

/** What stands on stage, in the shape of the list. */
function present() {
  const { question, index } = now.frame ?? {};
  if (!question) return null;
  const labels = question.kind === "boolean" ? "TF" : LETTERS, chosen = ["single", "boolean"].includes(question.kind);
  return { index, kind: question.kind, stem: question.stem, choices: chosen ? question.options.map(({ text }, place) => [labels[place], text]) : [] };
}
const subject = () => asked.find(({ index }) => index === Number(judge.elements.index.value)) ?? present();

function paintJudge() {
  const frame = now.frame, kind = judge.elements.decision.value, about = subject();
  for (const part of judge.querySelectorAll("[data-judge-for]")) part.hidden = !!ruled || !part.dataset.judgeFor.split(" ").includes(kind);
  find("judge-decision").hidden = !!ruled;
  find("judge-which").hidden ||= asked.length < 2;
  setText(find("judge-who"), ruled ? `${ruled.label}: ${ruled.name}` : "");
  find("judge-who").hidden = !ruled;
  const select = find("judge-options"), choices = about?.choices ?? [];
  select.hidden = !choices.length;
  find("judge-text").hidden = !!choices.length;
  select.replaceChildren(...choices.map(([label, text], place) => new Option(`${LETTERS[place]}. ${text}`, label)));
  const first = (frame?.board ?? []).filter((row) => row.rank === 1);
  find("judge-winners").replaceChildren(...first.map((row) => {
    const label = document.createElement("label"), box = document.createElement("input"), name = document.createElement("span");
    label.className = "check";
    box.type = "checkbox";
    box.name = "winner";
    box.value = row.key;
    name.textContent = row.name;
    label.append(box, name);
    return label;
  }));
}

export async function openJudge(player = null) {
  ruled = player;
  asked = [];
  judge.reset();
  find("judge-error").hidden = true;
  paintJudge();
  judge.closest("dialog").showModal();
  if (player || !page.dataset.asked) return;
  // Questions that were asked before: more than a frame holds. Without them the present one can be judged.
  const response = await fetch(page.dataset.asked, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return;
  asked = (await response.json()).questions;
  const which = judge.elements.index, at = now.frame?.index;
  which.replaceChildren(...asked.map((one) => new Option(`${say("question_short", { n: one.index + 1 })}: ${one.stem}${one.voided ? ` (${say("voided")})` : ""}`, one.index, one.index === at, one.index === at)));
  if (which.selectedIndex < 0) which.selectedIndex = asked.length - 1;
  paintJudge();
}

judge?.elements.decision.addEventListener("change", paintJudge);
judge?.elements.index.addEventListener("change", paintJudge);
find("open-judge")?.addEventListener("click", () => openJudge());
judge?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(judge), error = find("judge-error"), reason = String(form.get("reason")).trim(), decision = form.get("decision");
  error.hidden = !!reason;
  if (!reason) {
    setText(error, say("reason_needed"));
    judge.elements.reason.focus();
    return;
  }
  const data = { reason }, about = subject();
  if (ruled) data[ruled.into] = [ruled.key];
  else if (decision === "winners") data.winners = form.getAll("winner");
  else {
    if (about) data.index = about.index;
    if (decision === "void") data.void = true;
    else data.accept = [about?.choices.length ? form.get("option") : canonical(String(form.get("text")), about?.kind)];
  }
  const result = await command("judge", data, { quiet: true });
  if (result.ok) {
    judge.closest("dialog").close();
    toast(say("done"), "success");
    after();
    return;
  }
  error.hidden = false;
  setText(error, result.text || say(result.code in words.say ? result.code : "refused"));
});

/** Typed words as answers are stored: letters of a multiple choice in order, numbers with a point. */
function canonical(text, kind) {
  const tidy = text.trim().replace(/\s+/g, " ");
  switch (kind) {
    case "multiple": return [...tidy.toUpperCase().replace(/[^A-H]/g, "")].sort().join("");
    case "numeric": return tidy.replace(/\.(?=\d{3}\b)/g, "").replace(",", ".");
    default: return tidy;
  }
}
