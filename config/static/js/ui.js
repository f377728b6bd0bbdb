// Small things of every page: toasts, dialogs and sheets, menus that close.

/** Say something that passes. level: info | success | warning | error; errors stay longer, and what can be taken back by
 * a button of its own: `action` is {label, run}. */
export function toast(text, level = "info", action = null) {
  const home = document.getElementById("toasts");
  if (!home) return;
  const note = document.createElement("div");
  note.className = `toast toast-${level}`;
  note.textContent = text;
  if (action) {
    const button = document.createElement("button");
    button.className = "btn";
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      note.remove();
      action.run();
    });
    note.append(button);
  }
  home.append(note);
  setTimeout(() => note.remove(), action ? 15000 : level === "error" ? 9000 : 4500);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  // A press on the dialog element itself is a press on its backdrop: its content has its own elements.
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail > 0) event.target.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// After a refused form one stands at the first field to mend; its complaint goes as soon as it is touched.
const FIELDS = ":is(input:not([type=hidden]), select, textarea)";
[...document.querySelectorAll(`[data-invalid] ${FIELDS}`)].find((one) => one.getClientRects().length)?.focus();
document.addEventListener("input", (event) => {
  event.target.setCustomValidity?.("");
  const field = event.target.closest("[data-invalid]");
  if (!field) return;
  delete field.dataset.invalid;
  for (const error of field.querySelectorAll(".field-error")) error.hidden = true;
  for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
});
// The browser's own complaint speaks the browser's language; ours speaks the page's.
document.addEventListener("invalid", (event) => {
  if (event.target.dataset.say) event.target.setCustomValidity(event.target.dataset.say);
}, true);

// A slow form is sent once: a second tap on its button changes nothing. Back/forward cache gives the button back.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  const button = event.submitter;
  if (button?.matches(".btn")) queueMicrotask(() => { if (!event.defaultPrevented) button.setAttribute("aria-busy", "true"); });
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll(".btn[aria-busy]")) button.removeAttribute("aria-busy");
});
