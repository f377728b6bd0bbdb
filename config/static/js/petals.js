// Petals of mai and đào fall once. Nothing happens under reduced motion.
const PETAL = "M12 2c5 4 7 9 0 20C5 11 7 6 12 2z";

export function petals(count = 26) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const sky = document.createElement("div");
  sky.className = "petals";
  sky.setAttribute("aria-hidden", "true");
  for (let i = 0; i < count; i++) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", PETAL);
    svg.append(path);
    const set = (name, value) => svg.style.setProperty(name, value);
    set("--x", `${Math.random() * 100}%`);
    set("--dx", `${(Math.random() - 0.5) * 12}rem`);
    set("--t", `${3 + Math.random() * 3}s`);
    set("--d", `${Math.random() * 1.6}s`);
    set("--turn", `${(Math.random() - 0.5) * 900}deg`);
    sky.append(svg);
  }
  document.body.append(sky);
  setTimeout(() => sky.remove(), 8000);
}
for (const _ of document.querySelectorAll("[data-petals]")) petals();
