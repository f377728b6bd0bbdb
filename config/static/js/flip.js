// First-Last-Invert-Play: rows go to their new places from their old ones.
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Run `change` (which reorders, adds or removes children with data-key) and animate what moved. Returns what `change` returns. */
export function flip(container, change, { duration = 240 } = {}) {
  if (calm.matches || !container.animate) return change();
  const before = new Map();
  for (const el of container.querySelectorAll("[data-key]")) before.set(el.dataset.key, el.getBoundingClientRect());
  const result = change();
  for (const el of container.querySelectorAll("[data-key]")) {
    const was = before.get(el.dataset.key), is = el.getBoundingClientRect();
    if (!was) {
      el.animate([{ opacity: 0, transform: "translateY(1rem)" }, {}], { duration, easing: "cubic-bezier(.2,.7,.2,1)" });
    } else if (was.top !== is.top || was.left !== is.left) {
      el.animate([{ transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` }, {}], { duration, easing: "cubic-bezier(.2,.7,.2,1)" });
    }
  }
  return result;
}
