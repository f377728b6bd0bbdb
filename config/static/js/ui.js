// Small things of every page: toasts, dialogs and sheets, menus that close.

/** Say something that passes. level: info | success | warning | error; errors stay longer. */
export function toast(text, level = "info") {
  const home = document.getElementById("toasts");
  if (!home) return;
  const note = document.createElement("div");
  note.className = `toast toast-${level}`;
  note.textContent = text;
  home.append(note);
  setTimeout(() => note.remove(), level === "error" ? 9000 : 4500);
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

// A slow form is sent once: a second tap on its button changes nothing. Back/forward cache gives the button back.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  const button = event.submitter;
  if (button?.matches(".btn")) queueMicrotask(() => { if (!event.defaultPrevented) button.setAttribute("aria-busy", "true"); });
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll(".btn[aria-busy]")) button.removeAttribute("aria-busy");
});
