// Keys for people who sit at a keyboard: 1–6 or A–F choose, arrows go on and back, F flags (Shift+F where F is an option).
// Single keys must be possible to switch off (WCAG 2.1.4): the overview has the switch.

const KEY = "thiso.phim";

function allowed() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** `here()` gives the question shown, `go(±1)` moves, `flag(section)` flags. */
export function startShortcuts({ root, here, go, flag }) {
  const toggle = document.querySelector("[data-shortcuts]");
  if (toggle) {
    toggle.checked = allowed();
    toggle.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, toggle.checked ? "on" : "off");
      } catch { /* only for this page then */ }
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || !(toggle?.checked ?? allowed())) return;
    if (document.querySelector("dialog[open]") || event.target.matches("input:not([type=radio], [type=checkbox]), select, textarea")) return;
    const section = here();
    const inputs = [...section.querySelectorAll("input[name=a][type=radio], input[name=a][type=checkbox]")];
    const key = event.key.toLowerCase();
    const index = /^[1-8]$/.test(key) ? Number(key) - 1 : /^[a-h]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
    if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
    else if (index >= 0 && index < inputs.length && !(event.shiftKey && key === "f")) {
      inputs[index].click();
      inputs[index].focus();
    } else if (key === "f" && section.matches("[data-question]")) flag(section);
    else return;
    event.preventDefault();
  });
}
