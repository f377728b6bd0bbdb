// A mock paper hands itself in when its time is over, and keeps answers over a reload.
import { setAnswered } from "../js/ring.js";

const form = document.querySelector("[data-mock]"), ring = document.querySelector("[data-ring]");
const KEY = `thiso.thu.${location.search.slice(-24)}`;
const fields = () => [...form.elements].filter((one) => one.name.startsWith("c"));

try {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  for (const [name, value] of kept) {
    for (const field of fields()) {
      if (field.name !== name) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
      else field.value = value;
    }
  }
} catch { /* no storage: a reload begins anew */ }

function count() {
  const questions = [...form.querySelectorAll(".mock-list > li")];
  const answered = questions.filter((one) => [...one.querySelectorAll("input, select")].some((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim())));
  if (ring) setAnswered(ring, answered.length, questions.length);
}

form.addEventListener("change", () => {
  count();
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...new FormData(form)].filter(([name]) => name.startsWith("c"))));
  } catch { /* as above */ }
});
ring?.addEventListener("ring:over", () => form.requestSubmit?.() ?? form.submit());
count();
