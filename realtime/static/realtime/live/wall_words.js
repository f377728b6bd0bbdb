// Answers that are words or numbers: the cloud, and the guess that came closest.
import { calm, h, number, optionKey, put, set } from "./dom.js";

const MOST = 48;              // words in a cloud
const MEASURE = 40, LINE = 1.25; // px at which words are measured; their line height (wall_shows.css)

/** Words from the middle outwards along a spiral, the most frequent largest; nothing overlaps. */
export function cloud(home, words, t) {
  const box = h("div.cloud", { role: "img", "aria-label": words.slice(0, MOST).map(({ text, n }) => `${text} (${n})`).join(", ") });
  put(home, box);
  if (!words.length) {
    box.append(h("p.q-ready", t("no_words")));
    return;
  }
  const { clientWidth: width, clientHeight: height } = box;
  const list = [...words].sort((a, b) => b.n - a.n).slice(0, MOST), most = list[0].n;
  const spans = list.map(({ text }, index) => h("span.cloud-word", { "data-option": optionKey(index), "--size": `${MEASURE}px`, "--delay": `${index * 45}ms` }, text));
  box.append(...spans);
  const wide = spans.map((span) => span.offsetWidth / MEASURE); // of a letter's height
  const base = Math.min(width / 9, height / 4.6), least = height / 24;
  // Somebody wrote each of them and looks for it: rather all smaller than one left out.
  let best = [];
  for (let scale = 1; scale > 0.3 && best.filter(Boolean).length < list.length; scale -= 0.09) {
    const placed = [];
    const found = list.map(({ text, n }, index) => {
      const size = Math.max(least, scale * Math.max(height / 15, base * Math.sqrt(n / most) * (text.length > 14 ? 14 / text.length : 1)));
      const at = spot(Math.min(size, width / (wide[index] + 0.3)), wide[index], placed);
      if (at) placed.push(at);
      return at;
    });
    if (found.filter(Boolean).length > best.filter(Boolean).length) best = found;
  }
  spans.forEach((span, index) => {
    const at = best[index];
    if (at) set(span, { "--size": `${at.size}px`, "--x": `${at.x}px`, "--y": `${at.y}px` });
    else span.remove();
  });
  box.toggleAttribute("data-moving", !calm());

  /** The free place nearest to the middle for a word of this size. */
  function spot(size, letters, placed) {
    const w = letters * size + size * 0.3, tall = LINE * size;
    for (let step = 0; step < 1400; step++) {
      const angle = step * 0.32, far = step * 0.0005;
      const x = (width - w) / 2 + Math.cos(angle) * far * width, y = (height - tall) / 2 + Math.sin(angle) * far * height;
      const free = x >= 0 && y >= 0 && x + w <= width && y + tall <= height && placed.every((r) => x >= r.x + r.w || x + w <= r.x || y >= r.y + r.tall || y + tall <= r.y);
      if (free) return { x, y, w, tall, size };
    }
    return null;
  }
}

/** The right number or word in gold leaf, and what people gave most often. */
export function closest(home, { question, reveal, t }) {
  const total = Math.max(1, reveal.cloud.reduce((sum, { n }) => sum + n, 0));
  const most = Math.max(1, ...reveal.cloud.map(({ n }) => n));
  const value = reveal.text || "–";
  put(home, h("div.truth", { "data-alone": !reveal.cloud.length },
    h("p.truth-leaf", h("span", t(question.play === "closest" ? "true_value" : "right_answer")),
      h("b.num", { "data-long": value.length > 12 }, value, question.unit && !value.endsWith(question.unit) && h("small", ` ${question.unit}`))),
    reveal.cloud.length > 0 && h("ol.truth-given", { "aria-label": t("most_given") },
      [...reveal.cloud].sort((a, b) => b.n - a.n).slice(0, 5).map(({ text, n }) => h("li", { "--share": n / most }, h("span", text), h("b.num", `${number(n)} · ${Math.round((100 * n) / total)} %`)))),
    reveal.nearest.length > 0 && h("p.truth-nearest", h("span", t("nearest")), " ", reveal.nearest.map(({ name, text }, index) => [index > 0 && ", ", h("b", name), ` (${text})`]))));
}
