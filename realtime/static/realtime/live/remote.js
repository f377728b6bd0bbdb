// The phone as remote: the state in a few words, one large button for the thumb.
import { number } from "../../js/format.js";
import { buzz, countWords, find, link, now, page, paintNext, paintRing, say, setText, words } from "./host.js";

function paintCounts({ answered, of, online, players }) {
  const frame = now.frame;
  if (!frame) return;
  const answering = ["open", "locked"].includes(frame.phase);
  setText(find("big"), answering ? say("answered", { n: number(answered), of: number(of) }) : say("players", { n: number(players) }));
  const standing = frame.seats ? say("standing", { n: number(frame.standing) }) : "";
  setText(find("small"), [say("online", { n: number(online) }), standing].filter(Boolean).join(" · "));
}

function paint(frame) {
  page.dataset.phase = frame.phase;
  paintNext(frame);
  setText(find("phase-name"), words.phases[frame.phase] ?? frame.phase);
  setText(find("count"), countWords(frame));
  setText(find("stem"), frame.question?.stem ?? "");
  find("paused").hidden = !frame.paused;
  for (const button of document.querySelectorAll("[data-act]")) button.disabled = !frame.actions.includes(button.dataset.act) || (button.dataset.act === "pause" && frame.paused);
  const told = frame.reveal?.text || frame.key?.text || "";
  find("answer").hidden = !told || !frame.question;
  setText(find("answer-text"), told);
  if (frame.instance !== paint.instance) veil(true); // a new question: its key is hidden until it is asked for
  paint.instance = frame.instance;
  const upcoming = find("upcoming");
  upcoming.hidden = !frame.upcoming;
  if (frame.upcoming) setText(find("upcoming-text"), frame.upcoming.stem);
  paintCounts(frame);
  paintRing(find("ring-home"), frame);
}

function veil(on) {
  find("answer-box").hidden = on;
  const button = find("toggle-key"), text = button.querySelector("[data-show]");
  button.setAttribute("aria-pressed", String(!on));
  setText(text, on ? text.dataset.show : text.dataset.hide);
}

if (page) {
  find("toggle-key").addEventListener("click", () => veil(!find("answer-box").hidden));
  link.addEventListener("stage", ({ detail }) => {
    const was = now.painted;
    now.painted = detail.phase;
    paint(detail);
    if (was && was !== detail.phase) buzz(30);
  });
  link.addEventListener("count", ({ detail }) => paintCounts(detail));
  link.start();
}
