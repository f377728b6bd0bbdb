// The builder with scripts: questions are dragged into order, the quick editor shows what its kind needs, ticks are counted.
// Without this file the arrows, the plain form and the full list of fields do the same.
import { flip } from "../../js/flip.js";
import { toast } from "../../js/ui.js";

// ------------------------------------------------------------------------------------------ order by dragging
const list = document.querySelector("[data-order]");
if (list?.querySelector(".order-tools") && window.PointerEvent) {
  const form = list.closest("form"), status = form.querySelector("[data-order-status]");
  list.dataset.canDrag = "";
  const keys = () => [...list.children].map((item) => item.dataset.key).join(",");
  const renumber = () => [...list.children].forEach((item, index) => {
    item.querySelector("[data-n]").textContent = String(index + 1);
    item.querySelector('[name="up"]').disabled = index === 0;
    item.querySelector('[name="down"]').disabled = index === list.children.length - 1;
  });
  const save = async () => {
    const body = new FormData(form);
    body.set("order", keys());
    try {
      const response = await fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin" });
      if (!response.ok) throw new Error(await response.text());
      status.textContent = status.dataset.saved;
      toast(status.dataset.saved, "success");
    } catch (error) {
      toast(error.message && error.message.length < 200 && !(error instanceof TypeError) ? error.message : status.dataset.failed, "error");
    }
  };
  let dragged = null, before = "";
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    dragged = grip.closest("[data-key]");
    before = keys();
    dragged.dataset.dragging = "";
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const edge = 90;
    if (event.clientY < edge) scrollBy(0, -14);
    else if (event.clientY > innerHeight - edge) scrollBy(0, 14);
    const over = [...list.children].find((item) => {
      const box = item.getBoundingClientRect();
      return item !== dragged && event.clientY > box.top && event.clientY < box.bottom;
    });
    if (!over) return;
    const box = over.getBoundingClientRect(), below = event.clientY > box.top + box.height / 2;
    const place = below ? over.nextSibling : over;
    if (place !== dragged && place !== dragged.nextSibling) flip(list, () => list.insertBefore(dragged, place));
  });
  const drop = () => {
    if (!dragged) return;
    delete dragged.dataset.dragging;
    dragged = null;
    renumber();
    if (keys() !== before) save();
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
  // The arrows move without a new page.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !["up", "down"].includes(button.name)) return;
    event.preventDefault();
    const item = button.closest("[data-key]");
    flip(list, () => (button.name === "up" ? list.insertBefore(item, item.previousElementSibling) : list.insertBefore(item, item.nextElementSibling?.nextElementSibling ?? null)));
    renumber();
    save();
    (button.disabled ? item.querySelector(".order-tools button:not(:disabled)") : button)?.focus();
  });
}

// ------------------------------------------------------------------------------------------ the quick editor
const quick = document.querySelector("[data-quick]");
if (quick) {
  const what = quick.elements.what;
  const show = () => {
    for (const part of quick.querySelectorAll("[data-for]")) part.toggleAttribute("data-off", !part.dataset.for.split(" ").includes(what.value));
  };
  what.addEventListener("change", show);
  show();
  const more = quick.querySelector("[data-more-options]");
  const hide = () => {
    const spare = [...quick.querySelectorAll("[data-spare]")];
    for (const one of spare) one.hidden = true;
    more.hidden = !spare.length;
  };
  more.addEventListener("click", () => {
    const next = quick.querySelector("[data-spare]");
    if (!next) return;
    delete next.dataset.spare;
    next.hidden = false;
    next.querySelector(".input").focus();
    hide();
  });
  hide();
  // Enter in an option goes to the next one; it does not send a half-written question.
  quick.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".quick-option .input")) return;
    event.preventDefault();
    const fields = [...quick.querySelectorAll(".quick-option:not([hidden]) .input")];
    (fields[fields.indexOf(event.target) + 1] ?? more).focus();
  });
  if (!quick.querySelector("[data-invalid]")) quick.elements.stem.focus({ preventScroll: true });
}

// ------------------------------------------------------------------------------------------ the bank
const add = document.querySelector("[data-picked-words]");
if (add) {
  const plain = add.textContent;
  const count = () => {
    const n = document.querySelectorAll('[name="version"]:checked:not(:disabled)').length;
    add.disabled = !n;
    add.textContent = n ? add.dataset.pickedWords.replace("{n}", n) : plain;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "version") count(); });
  count();
}
