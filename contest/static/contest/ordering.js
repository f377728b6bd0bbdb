// Putting items in order: buttons for everybody, dragging by the handle for fingers and mice.
import { flip } from "../js/flip.js";
import { renumber } from "./fields.js";

/** Make the list `home` ([data-order]) orderable; `changed()` is called after each change. */
export function orderable(home, changed) {
  const move = (li, before) => {
    flip(home, () => home.insertBefore(li, before));
    touch();
  };
  const touch = () => {
    home.dataset.touched = "1";
    renumber(home);
    changed();
  };

  home.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const li = button.closest("li");
    if (button.dataset.move === "up") move(li, li.previousElementSibling);
    else move(li, li.nextElementSibling?.nextElementSibling ?? null);
    // At an end the button is disabled and would lose the focus.
    (button.disabled ? li.querySelector("[data-move]:not(:disabled)") : button)?.focus();
  });

  home.closest("section").querySelector("[data-keep-order]")?.addEventListener("click", touch);

  home.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || (event.pointerType === "mouse" && event.button !== 0)) return;
    const li = grip.closest("li");
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    li.dataset.dragged = "";
    const start = [...home.children].indexOf(li);
    const drag = (e) => {
      const { previousElementSibling: above, nextElementSibling: below } = li;
      const middle = (el) => el.offsetTop + el.offsetHeight / 2;
      const y = e.clientY - home.getBoundingClientRect().top + home.offsetTop;
      // The others step aside: an element taken out of the page, if only for a moment, loses the pointer.
      if (above && y < middle(above)) flip(home, () => li.after(above));
      else if (below && y > middle(below)) flip(home, () => li.before(below));
    };
    const drop = () => {
      grip.removeEventListener("pointermove", drag);
      grip.removeEventListener("pointerup", drop);
      grip.removeEventListener("pointercancel", drop);
      delete li.dataset.dragged;
      if ([...home.children].indexOf(li) !== start) touch();
      else renumber(home);
    };
    grip.addEventListener("pointermove", drag);
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  });

  renumber(home);
}
