// Elements without a framework: text nodes only (names come from strangers), no inline styles.
import { form } from "./forms.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new URL("../../img/shapes.svg", import.meta.url).href;
const KEYS = "abcdef";

export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const find = (selector, home = document) => home.querySelector(selector);
export const all = (selector, home = document) => [...home.querySelectorAll(selector)];

/** `h("p.muted", { "data-x": 1, onclick: f }, "text", child)`. null, false and "" children are left out. */
export function h(what, ...rest) {
  const [tag, ...classes] = what.split(".");
  const el = document.createElement(tag || "div");
  if (classes.length) el.className = classes.join(" ");
  const [first] = rest;
  if (first && typeof first === "object" && !(first instanceof Node) && !Array.isArray(first)) set(el, rest.shift());
  el.append(...nodes(rest));
  return el;
}
const nodes = (list) => list.flat(3).filter((child) => child || child === 0).map((child) => (child instanceof Node ? child : String(child)));

/** Give an element these children instead of those it has. */
export function put(el, ...children) {
  el.replaceChildren(...nodes(children));
  return el;
}

/** Set attributes; `on…` are listeners, `--…` custom properties, false and null take the attribute away. */
export function set(el, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) el.style.setProperty(name, value);
    else if (value === false || value === null || value === undefined) el.removeAttribute(name);
    else if (el.getAttribute(name) !== String(value === true ? "" : value)) el.setAttribute(name, value === true ? "" : value);
  }
  return el;
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  el.append(...children);
  return el;
}

/** The picture of a question; false for those without. */
export const picture = (shown, what = "img.stem-picture") => Boolean(shown) && h(what, { src: shown.url, alt: shown.alt, width: shown.width || null, height: shown.height || null, decoding: "async" });

/** Write text only where it changes: an unchanged node is not read out again. */
export function write(el, text) {
  if (el && el.textContent !== String(text)) el.textContent = text;
}

export const optionKey = (index) => KEYS[index % KEYS.length];

/** The shape of an option alone: cone hat, drum, kite, square cake, star, boat. */
export const shape = (index) => s("svg", { class: "shape", viewBox: "0 0 24 24", "aria-hidden": "true" }, s("use", { href: `${SHAPES}#${optionKey(index)}` }));

/** Letter + shape + colour. */
export const mark = (index) => h("span.mark", { "data-option": optionKey(index) }, shape(index), h("span", LETTERS[index]));

/** The words of the page (json_script), with `{name}` filled in. */
export function wordsOf(id) {
  const book = JSON.parse(document.getElementById(id).textContent);
  return (key, values = {}) => form(book[key] ?? key, values).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const style = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en" : "vi");
export const number = (n) => style.format(n);

/** Whether motion is unwelcome: by the system, or by the button on the page. */
const calmer = matchMedia("(prefers-reduced-motion: reduce)");
export const calm = () => calmer.matches || document.documentElement.dataset.motion === "less";
