// The desk's list of players: drawn by the server, looked at again when something changed; names, teams, who leaves and who returns.
import { toast } from "../../js/ui.js";
import { command, find, page, say, setText, sure } from "./host.js";
import { openJudge, ruledBy } from "./desk_judge.js";

const ROSTER_REST = 1500; // ms between two looks
const SENT_OUT = { kick: "moi-mot", ban: "chan-mot" }; // what sends somebody out, and the dialog that asks first
const rosterHome = find("roster-home");

/** Say above "Bắt đầu" how many would start without a team, as the list was last drawn. */
export function paintLoose(phase) {
  const home = find("loose"), told = rosterHome?.querySelector("[data-loose-now]");
  home.hidden = phase !== "lobby" || !told;
  if (told) setText(find("loose-number"), told.textContent);
}

let rosterAt = 0, rosterTimer = 0, rosterFor = "";
async function loadRoster() {
  rosterAt = Date.now();
  try {
    const url = new URL(page.dataset.roster, location.href);
    const text = document.querySelector("[data-roster-form] input").value.trim();
    if (text) url.searchParams.set("q", text);
    const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    // A menu somebody holds open is not torn away.
    if (response.ok && !rosterHome.querySelector("details[open]")) {
      rosterHome.innerHTML = await response.text();
      paintLoose(page.dataset.phase);
    }
  } catch {
    // No network: the connection line says so.
  }
}
/** Look at the list again, a little later, when `key` says that something about it changed. */
export function roster(key) {
  if (key === rosterFor) return;
  rosterFor = key;
  clearTimeout(rosterTimer);
  rosterTimer = setTimeout(loadRoster, Math.max(0, rosterAt + ROSTER_REST - Date.now()));
}
document.querySelector("[data-roster-form]")?.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("[data-roster-form] input")?.addEventListener("input", (event) => roster(`q:${event.target.value}`));
// A menu that opens below the edge of the list is scrolled to.
rosterHome?.addEventListener("toggle", ({ target }) => target.open && target.querySelector(".menu-items")?.scrollIntoView({ block: "nearest" }), true);
rosterHome?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-player-act]");
  if (!button) return;
  const data = { player: button.dataset.player };
  if (button.dataset.playerAct === "team_set") data.team = button.dataset.team;
  if (button.dataset.playerAct === "rename") {
    const dialog = document.getElementById("doi-ten"), field = find("new-name");
    field.value = button.dataset.name;
    dialog.returnValue = "";
    dialog.showModal();
    field.select();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "yes" || !field.value.trim()) return;
    data.name = field.value.trim();
  }
  button.closest("details")?.removeAttribute("open");
  if (["in", "out"].includes(button.dataset.playerAct)) {
    openJudge({ key: button.dataset.player, name: button.dataset.name, into: button.dataset.playerAct, label: button.textContent.trim() });
    return;
  }
  const act = button.dataset.playerAct, name = button.dataset.name;
  if (SENT_OUT[act] && !(await sure(SENT_OUT[act], { name }))) return;
  const result = await command(act, data);
  if (!result.ok) return;
  const back = SENT_OUT[act] && { label: say("let_in_again"), run: () => letIn(data.player) };
  toast(back ? say(`${act}_done`, { name }) : say("done"), "success", back || undefined);
  loadRoster();
});
ruledBy(loadRoster);
/** Take a kick or a ban back. */
async function letIn(player) {
  const result = await command("unban", { player });
  if (!result.ok) return;
  toast(say("done"), "success");
  loadRoster();
}
