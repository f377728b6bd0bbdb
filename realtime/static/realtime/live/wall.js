// The wall of a live event: one scene for each phase. Every frame is the whole state, so a scene may begin at any moment.
import { all, calm, find, number, set, wordsOf, write } from "./dom.js";
import { Link } from "./link.js";
import { BoardScene } from "./wall_board.js";
import { EndScene } from "./wall_end.js";
import { FloorScene } from "./wall_floor.js";
import { LobbyScene } from "./wall_lobby.js";
import { PodiumScene } from "./wall_podium.js";
import { QuestionScene } from "./wall_question.js";
import { Cues } from "./wall_sound.js";
import { controls } from "./wall_controls.js";

const LEAVE = 260;      // ms an old scene takes to go
const WORRY = 2500;     // ms without a connection before the hall is told
const QUIET = 9000;     // ms without an answer to a poll: then it is a lost network
const ANSWER = 7000;    // ms the bell's answer stays before the floor is shown
const READ = 13000;     // … where there is an explanation to read

const home = document.getElementById("man-hinh");
const t = wordsOf("tu-ngu");
const link = new Link({ event: home.dataset.event, role: "wall", key: home.dataset.key, poll: true, stateUrl: home.dataset.stateUrl });
const cues = new Cues();
/** Where phones go, as people type it: the address this page was given, without the protocol. */
const joinText = (url) => (url.startsWith("/") ? home.dataset.join : url).replace(/^https?:\/\//, "").replace(/\/$/, "");
const wall = { t, cues, link, now: () => link.now(), joinText };

const SCENES = { lobby: LobbyScene, question: QuestionScene, floor: FloorScene, board: BoardScene, podium: PodiumScene, end: EndScene };
let scene = null, name = "", frame = null, revealed = { instance: -1, at: 0 }, turning = 0;

/** Which scene tells this frame. */
function sceneOf({ phase, event, instance, reveal }) {
  const bell = event.mode === "bell";
  switch (phase) {
    case "intro": case "open": case "locked": return "question";
    case "reveal": {
      if (!bell) return "question";
      if (revealed.instance !== instance) revealed = { instance, at: performance.now(), turned: false };
      const wait = reveal?.explanation ? READ : ANSWER, left = revealed.at + wait - performance.now();
      clearTimeout(turning);
      if (left > 0 && !revealed.turned) turning = setTimeout(() => draw(frame), left + 20);
      return left > 0 && !revealed.turned ? "question" : "floor";
    }
    case "board": return bell ? "floor" : "board";
    case "rescue": return "floor";
    case "podium": return "podium";
    case "ended": case "aborted": return "end";
    default: return "lobby";
  }
}

function draw(next) {
  const before = frame;
  frame = next;
  document.body.dataset.phase = frame.phase;
  document.body.dataset.mode = frame.event.mode;
  const wanted = sceneOf(frame);
  if (wanted !== name) {
    const old = scene;
    name = wanted;
    scene = new SCENES[wanted](wall);
    document.body.dataset.scene = wanted;
    old?.leave?.();
    if (old) {
      old.el.classList.add("leaving");
      old.el.setAttribute("aria-hidden", "true");
      old.el.inert = true;
      setTimeout(() => old.el.remove(), calm() ? 0 : LEAVE);
    }
    home.append(scene.el);
  }
  head();
  scene.draw(frame, before);
  cues.phase(frame, before);
}

// ---------------------------------------------------------------------------------- what stands around every scene
function head() {
  const { event, phase, index, total, players, join, paused, standing } = frame;
  const asking = index >= 0 && !["lobby", "podium", "ended", "aborted"].includes(phase);
  write(find("[data-progress]"), asking ? t("progress", { n: index + 1, total }) : "");
  write(find("[data-people]"), event.mode === "bell" && phase !== "lobby" ? t("standing_n", { n: number(standing) }) : t("players_n", { n: number(players) }));
  find("[data-people]").hidden = phase === "lobby";
  const late = find("[data-late-join]");
  late.hidden = !join || phase === "lobby" || phase === "ended" || phase === "aborted";
  if (join) {
    write(find("[data-late-url]"), joinText(join.url));
    write(find("[data-late-pin]"), join.pin.replace(/(\d{3})(?=\d)/, "$1 "));
  }
  find("[data-paused]").hidden = !paused;
}

link.addEventListener("stage", ({ detail }) => draw(detail));
link.addEventListener("count", ({ detail }) => {
  if (!frame) return;
  const { instance, answered, of, online, players, names } = detail;
  if (instance !== frame.instance) return;
  Object.assign(frame, { answered, of, online, players });
  head();
  scene.count?.({ answered, of, online, players, names });
});

// ---------------------------------------------------------------------------------- connection, said plainly
const strip = find("[data-connection]");
let worry = 0, heard = -Infinity;
function connection() {
  clearTimeout(worry);
  // Polling says nothing about the network: only an answer does.
  const state = link.state === "polling" && performance.now() - heard > QUIET ? "waiting" : link.state;
  if (state === "live") strip.hidden = true;
  else worry = setTimeout(() => {
    strip.hidden = false;
    strip.dataset.state = state;
    write(find("[data-connection-text]"), t({ gone: "gone", polling: "polling" }[state] ?? "reconnecting"));
  }, state === "waiting" ? WORRY : 0);
  document.body.dataset.link = state;
}
link.addEventListener("state", () => {
  heard = -Infinity;
  connection();
});
link.addEventListener("stage", () => {
  heard = performance.now();
  if (link.state === "polling" && strip.dataset.state !== "polling") connection();
});
setInterval(() => { if (link.state === "polling" && performance.now() - heard > QUIET && document.body.dataset.link !== "waiting") connection(); }, 3000);
link.addEventListener("denied", ({ detail }) => {
  strip.hidden = false;
  strip.dataset.state = "gone";
  write(find("[data-connection-text]"), detail.text);
});

controls({
  cues,
  /** Space, arrows: the bell's answer and the floor take turns by hand. */
  turn() {
    if (!frame || frame.event.mode !== "bell" || frame.phase !== "reveal") return;
    revealed.turned = name === "question";
    if (!revealed.turned) revealed.at = performance.now();
    draw(frame);
  },
});
addEventListener("resize", () => scene?.fit?.());
// Letters are measured with the real font, whenever it comes.
document.fonts?.addEventListener("loadingdone", () => scene?.fit?.());
for (const weight of [400, 600, 800]) document.fonts?.load(`${weight} 1em "Be Vietnam Pro"`, "Ắ").catch(() => {});
for (const el of all("[data-only-script]")) el.hidden = false;
set(home, { "data-ready": "" });
connection();
link.start();
