// Sending out many at once: who came in the last minutes, whose name begins so, whose name waits. Domain: crowds.py.
import { toast } from "../../js/ui.js";
import { command, find, link, say, setText, words } from "./host.js";

const form = find("crowd");

/** The people meant, as the command's data; null while the name has too few letters. */
function chosen(data) {
  const who = data.get("who");
  if (who === "waiting") return { all: "waiting" };
  if (who !== "prefix") return { since: Math.round(link.now()) - Number(who) * 1000 };
  const prefix = String(data.get("prefix")).trim();
  return prefix.length < 2 ? null : { prefix };
}

form?.elements.who.addEventListener("change", ({ target }) => { find("crowd-prefix").hidden = target.value !== "prefix"; });
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = find("crowd-error"), data = chosen(new FormData(form)), button = event.submitter;
  error.hidden = !!data;
  if (!data) {
    setText(error, say("prefix_short"));
    form.elements.prefix.focus();
    return;
  }
  button.setAttribute("aria-busy", "true");
  const result = await command(button.value, data, { quiet: true });
  button.removeAttribute("aria-busy");
  if (result.ok) {
    form.closest("dialog").close();
    toast(say("done"), "success");
    return;
  }
  error.hidden = false;
  setText(error, result.text || say(result.code in words.say ? result.code : "refused"));
});
