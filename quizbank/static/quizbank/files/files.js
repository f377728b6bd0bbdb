// Files of questions: a file too large is told before it is sent, and the button counts what is chosen.
// Without this file everything works with its plain buttons.

const upload = document.querySelector("[data-upload]");
if (upload) {
  const file = upload.elements.file;
  const note = upload.querySelector("[data-upload-note]");
  const tooLarge = () => (file.files[0]?.size ?? 0) > Number(file.dataset.most);
  file.addEventListener("change", () => {
    note.hidden = !tooLarge();
    note.textContent = note.hidden ? "" : upload.dataset.tooLarge;
  });
  upload.addEventListener("submit", (event) => {
    if (!tooLarge()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    file.focus();
  }, { capture: true });
}

const choose = document.querySelector("[data-choose]");
if (choose) {
  const boxes = [...choose.querySelectorAll('input[name="chosen"]:not(:disabled)')];
  const counts = [...document.querySelectorAll("[data-count]")];
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const before = Number(document.querySelector("[data-count]:not([data-count=''])")?.dataset.count ?? 0);
  const onPage = boxes.filter((box) => box.checked).length;
  const all = choose.querySelector("[data-all]");
  const show = () => {
    const checked = boxes.filter((box) => box.checked).length;
    for (const one of counts) one.textContent = number.format(before - onPage + checked);
    if (all) all.querySelector("input").checked = boxes.length > 0 && checked === boxes.length;
  };
  if (all && boxes.length > 1) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
      show();
    });
  }
  choose.addEventListener("change", show);
  show();
}

// A download leaves the page where it is, so its button must not stay busy.
for (const button of document.querySelectorAll("[data-download]")) {
  button.form.addEventListener("submit", () => setTimeout(() => button.removeAttribute("aria-busy"), 1500));
}
