// The console with scripts: units are searched while one types, groups show when switched on, prize lines are added.
// Without this file every form works with its plain buttons.

const form = document.querySelector("[data-unit-form]");
const options = form?.querySelector("[data-units]");
if (options) {
  const text = form.elements.unit_text;
  const status = form.querySelector("[data-units-status]");
  const find = form.querySelector("[data-find]");
  let timer = 0;
  let asked = 0;
  find.hidden = true;
  const search = async () => {
    const number = ++asked;
    try {
      const response = await fetch(`${options.dataset.url}?${new URLSearchParams({ q: text.value })}`, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(String(response.status));
      const html = await response.text();
      if (number !== asked) return; // a later search has been sent
      const before = options.querySelector("input:checked")?.value ?? "";
      options.innerHTML = html;
      const same = before && options.querySelector(`input[value="${CSS.escape(before)}"]`);
      if (same) same.checked = true;
      status.textContent = status.dataset.words.replace("{n}", options.querySelectorAll("input").length);
    } catch {
      find.hidden = false;
    }
  };
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter searches; it does not send a half-filled form
    clearTimeout(timer);
    search();
  });
}

const rules = document.querySelector("[data-rules]");
if (rules) {
  const groups = rules.querySelector("[data-groups]");
  const show = () => groups.toggleAttribute("data-off", !rules.elements.groups_on.checked);
  rules.elements.groups_on.addEventListener("change", show);
  show();
  for (const button of rules.querySelectorAll("[data-add-row]")) {
    const prefix = button.dataset.addRow;
    const pattern = rules.querySelector(`[data-empty-row="${prefix}"]`);
    const total = rules.elements[`${prefix}-TOTAL_FORMS`];
    button.hidden = false;
    button.addEventListener("click", () => {
      const holder = document.createElement("template");
      holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", total.value);
      total.value = Number(total.value) + 1;
      const row = holder.content.firstElementChild;
      button.before(row);
      row.querySelector("input, select")?.focus();
    });
  }
}

// What the buttons of a page without scripts do happens by itself.
for (const button of document.querySelectorAll("[data-plain-only]")) button.hidden = true;

// On a phone the navigation is a strip: show where one is, without moving the page.
const here = document.querySelector(".console-nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
