// A card that follows the finger sideways; far enough is a decision, less springs back. Scrolling up and down stays free.
const FAR = 80, STEEP = 1.5;

export function swipeable(element, { left, right }) {
  let start = null, by = 0;
  const reset = () => {
    start = null;
    by = 0;
    element.style.removeProperty("--swipe");
    delete element.dataset.swipe;
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || !event.isPrimary || event.target.closest("button, a")) return;
    start = { x: event.clientX, y: event.clientY, id: event.pointerId };
  });
  element.addEventListener("pointermove", (event) => {
    if (!start || event.pointerId !== start.id) return;
    const dx = event.clientX - start.x, dy = event.clientY - start.y;
    if (!by && Math.abs(dx) < 12) return;
    if (!by && Math.abs(dx) < STEEP * Math.abs(dy)) return reset();
    by = dx;
    element.style.setProperty("--swipe", `${by}px`);
    element.dataset.swipe = by < 0 ? "left" : "right";
    return undefined;
  });
  element.addEventListener("pointerup", () => {
    const gone = by;
    reset();
    if (Math.abs(gone) < FAR) return;
    // The tap that ends a swipe is no tap on the card.
    element.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
    setTimeout(() => (gone < 0 ? left : right)());
  });
  element.addEventListener("pointercancel", reset);
}
