// Golden bell at the desk: the floor, and who is called back to it.
import { number } from "../../js/format.js";
import { command, find, now, say, setText } from "./host.js";
import { paintSeats } from "./seats.js";

const picked = new Set();

/** The seats, and while people are rescued the candidates in the order of the rules. */
export function paintBell(frame) {
  const bell = find("bell");
  bell.hidden = !frame.seats;
  if (frame.seats) {
    paintSeats(find("seats"), frame.seats);
    find("key-reserve").hidden = !frame.seats.includes("e");
    const text = say("standing", { n: number(frame.standing) });
    setText(find("standing"), text);
    find("seats").setAttribute("aria-label", text);
  }
  const allowed = new Set(frame.actions);
  document.querySelector('[data-act="lifeline"]').hidden = !(allowed.has("lifeline") && frame.standing === 1);
  find("to-rescue").hidden = !allowed.has("rescue") || !!frame.rescue;
  const rescue = find("rescue");
  rescue.hidden = !frame.rescue;
  if (!frame.rescue) {
    picked.clear();
    return;
  }
  const known = new Set(frame.rescue.candidates.map((one) => one.key));
  for (const key of [...picked]) if (!known.has(key)) picked.delete(key);
  setText(find("rescue-quota"), frame.rescue.quota ? say("quota", { n: frame.rescue.quota }) : say("no_quota"));
  const { total, candidates } = frame.rescue;
  find("rescue-n").max = Math.max(1, total);
  setText(find("rescue-total"), total > candidates.length ? say("first_of", { n: number(candidates.length), of: number(total) }) : "");
  find("candidates").replaceChildren(...frame.rescue.candidates.map((one) => {
    const li = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input"), text = document.createElement("span");
    label.className = "check";
    box.type = "checkbox";
    box.value = one.key;
    box.checked = picked.has(one.key);
    const seat = one.seat ? `${one.seat} · ` : "";
    text.textContent = `${seat}${one.name}${one.unit ? ` · ${one.unit}` : ""}`;
    label.append(box, text);
    li.append(label);
    return li;
  }));
  paintPicked();
}

function paintPicked() {
  const button = find("rescue-go"), label = button.querySelector("[data-rescue-words]");
  label.dataset.none ??= label.textContent;
  const may = !!now.frame?.rescue?.quota && now.frame.actions.includes("rescue"), count = inOrder();
  button.disabled = !picked.size || !may;
  setText(label, picked.size ? say("back_to_floor", { n: picked.size }) : label.dataset.none);
  find("rescue-count").disabled = !may || !count || !now.frame.rescue.total;
  setText(find("rescue-count-words"), say("back_in_order", { n: count || 1 }));
}
/** How many the host typed, 0 while that is no number. */
function inOrder() {
  const field = find("rescue-n");
  return field.checkValidity() ? Math.max(0, Math.trunc(field.valueAsNumber) || 0) : 0;
}

find("candidates")?.addEventListener("change", ({ target }) => {
  if (target.checked) picked.add(target.value);
  else picked.delete(target.value);
  paintPicked();
});
find("rescue-n")?.addEventListener("input", paintPicked);
find("rescue-all")?.addEventListener("click", () => {
  find("rescue-n").value = now.frame?.rescue?.total || 1;
  paintPicked();
});
async function callBack(button, whom) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const result = await command("rescue", { by: find("rescue-by").value, ...whom });
  button.removeAttribute("aria-busy");
  if (result.ok) picked.clear();
  paintPicked();
}
// Who comes first is the server's to say: the rules' order, and a lot that can be drawn again.
find("rescue-count")?.addEventListener("click", ({ currentTarget }) => callBack(currentTarget, { count: inOrder() }));
find("rescue-go")?.addEventListener("click", ({ currentTarget }) => callBack(currentTarget, { players: [...picked] }));
