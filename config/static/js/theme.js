// Day / night switch. The choice is a cookie, so that the server's first paint already has it; "system" means no cookie.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

const shown = () => root.dataset.theme || (dark.matches ? "dark" : "light");

function draw() {
  const now = shown();
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    const words = now === "dark" ? button.dataset.toLight : button.dataset.toDark;
    const text = button.querySelector("[data-theme-text]");
    if (text) text.textContent = words;
    else button.setAttribute("aria-label", words);
  }
}

function choose(theme) {
  // Choosing what the system already shows means following it again.
  const follow = theme === (dark.matches ? "dark" : "light");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${follow ? "" : theme}; Path=/; Max-Age=${follow ? 0 : 31536000}; SameSite=Lax${secure}`;
  if (follow) delete root.dataset.theme;
  else root.dataset.theme = theme;
  draw();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) choose(shown() === "dark" ? "light" : "dark");
});
dark.addEventListener("change", draw);
draw();
