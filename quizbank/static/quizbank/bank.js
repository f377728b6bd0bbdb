// The bank's pages with scripts: ticks are counted, a whole page is ticked at once; a saved question is forgotten by the
// editor's own memory. Without this file the same form and the same buttons do the work.
const form = document.querySelector("[data-bulk]");
if (form) {
  const bar = form.querySelector("[data-bulk-bar]"), legend = bar.querySelector("legend"), all = form.querySelector("[data-all]");
  const plain = legend.textContent;
  const ticks = () => [...form.querySelectorAll('[name="question"]')];
  const count = () => {
    const n = ticks().filter((one) => one.checked).length;
    legend.textContent = n ? legend.dataset.bulkWords.replace("{n}", n) : plain;
    bar.toggleAttribute("data-none", !n);
    for (const button of bar.querySelectorAll("button")) button.disabled = !n;
  };
  all.hidden = false;
  all.addEventListener("click", () => {
    const on = ticks().some((one) => !one.checked);
    for (const one of ticks()) one.checked = on;
    count();
  });
  form.addEventListener("change", count);
  addEventListener("pageshow", count);
  count();
}

// The page a saved question leads to: what the editor kept of it on this device is done with.
const SENT = "thiso.soan.gui";
if (document.querySelector("[data-bank-question]")) {
  const key = sessionStorage.getItem(SENT);
  if (key) {
    localStorage.removeItem(key);
    sessionStorage.removeItem(SENT);
  }
}

// On a phone the navigation is a strip: show where one is, without moving the page.
const here = document.querySelector(".console-nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
