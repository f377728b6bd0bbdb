// Answers that are words or numbers: the cloud, and the guess that came closest.
import { calm, h, number, optionKey, put, set } from "./dom.js";

const MOST = 48; // words in a cloud

/** Words from the middle outwards along a spiral, the most frequent largest; nothing overlaps. */
export function cloud(home, words, t) {
  const box = h("div.cloud", { role: "img", "aria-label": words.slice(0, MOST).map(({ text, n }) => `${text} (${n})`).join(", ") });
  put(home, box);
  if (!words.length) {
    box.append(h("p.q-ready", t("no_words")));
    return;
  }
  const { clientWidth: width, clientHeight: height } = box;
  const list = [...words].sort((a, b) => b.n - a.n).slice(0, MOST), most = list[0].n, placed = [];
  const base = Math.min(width / 9, height / 4.6);
  list.forEach(({ text, n }, index) => {
    const word = h("span.cloud-word", { "data-option": optionKey(index), "--delay": `${index * 45}ms` }, text);
    box.append(word);
    const wanted = Math.max(height / 15, base * Math.sqrt(n / most) * (text.length > 14 ? 14 / text.length : 1));
    for (const size of [wanted, wanted * 0.8, wanted * 0.62, wanted * 0.5]) if (size >= height / 24 && place(word, size)) return;
    word.remove();
  });
  box.toggleAttribute("data-moving", !calm());

  function place(word, size) {
    set(word, { "--size": `${size}px` });
    const w = word.offsetWidth + size * 0.3, tall = word.offsetHeight;
    for (let step = 0; step < 700; step++) {
      const angle = step * 0.32, far = step * 0.0014;
      const x = width / 2 + Math.cos(angle) * far * width - w / 2, y = height / 2 + Math.sin(angle) * far * height - tall / 2;
      const free = x >= 0 && y >= 0 && x + w <= width && y + tall <= height && placed.every((r) => x >= r.x + r.w || x + w <= r.x || y >= r.y + r.tall || y + tall <= r.y);
      if (free) {
        placed.push({ x, y, w, tall });
        set(word, { "--x": `${x}px`, "--y": `${y}px` });
        return true;
      }
    }
    return false;
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
