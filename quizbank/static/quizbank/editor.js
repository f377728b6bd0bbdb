// The editor with scripts: only the fields of the chosen kind, a preview and remarks while one types, and a copy on this
// device until the question is saved. Without this file every field is there and "Xem trước" asks for the same preview.
const form = document.querySelector("[data-editor]");
const SENT = "thiso.soan.gui";
const KEY = `thiso.soan.${form.dataset.person}.${form.dataset.editor}`;
const PAUSE_MS = 450;

// ------------------------------------------------------------------------------------------ the kind's own fields
const show = () => {
  const kind = form.elements.kind.value;
  for (const part of form.querySelectorAll("[data-for]")) part.toggleAttribute("data-off", !part.dataset.for.split(" ").includes(kind));
};
form.elements.kind.addEventListener("change", show);

const more = form.querySelector("[data-more-options]");
const rows = () => [...form.querySelectorAll(".edit-option")];
const beside = () => [...form.querySelectorAll("[data-spare-beside]")];
const first = rows().length - beside().length; // rows whose translation is always shown
const hide = () => {
  for (const [place, row] of rows().entries()) {
    row.hidden = "spare" in row.dataset;
    const other = form.elements[`tr_option_${place}`].closest("[data-spare-beside]");
    if (other) other.hidden = row.hidden;
  }
  more.hidden = !form.querySelector("[data-spare]");
};
const fillSpare = () => {
  for (const row of rows()) if (row.querySelector(".input").value) delete row.dataset.spare;
};
more.addEventListener("click", () => {
  const next = form.querySelector("[data-spare]");
  if (!next) return;
  delete next.dataset.spare;
  hide();
  next.querySelector(".input").focus();
});

// One right option only: ticking another one moves the tick.
form.addEventListener("change", (event) => {
  if (form.elements.kind.value !== "single" || !event.target.matches(".edit-right input") || !event.target.checked) return;
  for (const one of form.querySelectorAll(".edit-right input")) if (one !== event.target) one.checked = false;
});

// Enter in an option goes to the next one; it does not send a half-written question.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input.input")) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll("input.input")].filter((one) => one.getClientRects().length);
  fields[fields.indexOf(event.target) + 1]?.focus();
});

// ------------------------------------------------------------------------------------------ the original beside its translation
const mirrors = () => {
  for (const one of form.querySelectorAll("[data-mirror]")) one.textContent = form.elements[one.dataset.mirror].value;
};

// ------------------------------------------------------------------------------------------ preview and remarks
const home = document.getElementById("thu");
const note = form.querySelector("[data-kept-note]");
const signedOut = document.querySelector("[data-signed-out]");
let asked = 0, timer = 0;
const body = () => {
  const data = new FormData(form);
  data.delete("picture");
  return data;
};

// A remark comes to its field. What is new is read out once and stays to be found until it is no longer true; what was
// there before is not said again.
const said = form.querySelector("[data-hints-said]");
const wordings = (place) => [...place.querySelectorAll("p")].map((one) => one.textContent);
const tell = (page) => {
  const open = [];
  for (const place of form.querySelectorAll("[data-hints]")) {
    const fresh = page.querySelector(`[data-fresh="${place.dataset.hints}"]`);
    if (fresh && fresh.textContent !== place.textContent) {
      const known = wordings(place);
      for (const words of wordings(fresh)) if (!known.includes(words)) said.append(spoken(words));
      place.replaceChildren(...fresh.childNodes);
    }
    open.push(...wordings(place));
  }
  for (const one of [...said.children]) if (!open.includes(one.textContent)) one.remove();
};
const spoken = (words) => {
  const line = document.createElement("span");
  line.textContent = words;
  return line;
};
const look = async () => {
  const number = ++asked;
  try {
    const response = await fetch(form.dataset.try, { method: "POST", body: body(), credentials: "same-origin", headers: { Accept: "text/html" } });
    if (number !== asked) return; // a later wording has been asked about
    if (response.redirected || response.status === 401 || response.status === 403) {
      signedOut.hidden = false;
      return;
    }
    if (!response.ok) return;
    signedOut.hidden = true;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (number !== asked) return;
    tell(page);
    page.querySelector("[data-fresh]")?.parentElement.remove();
    home.replaceChildren(...page.body.childNodes);
    note.textContent = "";
  } catch {
    tellOffline(); // the preview waits, the words are kept on this device
  }
};

// ------------------------------------------------------------------------------------------ kept on this device
const skip = new Set(["csrfmiddlewaretoken", "base", "try", "save", "send", "send_picture", "picture"]);
const words = () => [...body().entries()].filter(([name]) => !skip.has(name));
let before = JSON.stringify(words());
let room = true;
const tellOffline = () => { note.textContent = room ? note.dataset.offline : note.dataset.offlineBare; };
const keep = () => {
  const now = JSON.stringify(words());
  if (now === before) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ base: form.elements.base.value, words: JSON.parse(now), at: Date.now() }));
  } catch {
    room = false; // no room or not allowed: the form itself is still there
  }
};
const forget = () => localStorage.removeItem(KEY);
const restore = (kept) => {
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
  for (const [name, value] of kept) {
    const field = form.elements[name];
    if (!field) continue;
    const boxes = field instanceof RadioNodeList ? [...field] : field.type === "checkbox" ? [field] : null;
    if (!boxes) field.value = value;
    else for (const box of boxes) if (box.value === value) box.checked = true;
  }
  fillSpare();
  show();
  hide();
  mirrors();
  look();
};

sessionStorage.removeItem(SENT);
const offer = document.querySelector("[data-kept]");
try {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (kept && JSON.stringify(kept.words) !== before && !("bound" in form.dataset)) {
    offer.hidden = false;
    offer.querySelector("[data-restore]").addEventListener("click", () => {
      offer.hidden = true;
      restore(kept.words);
    });
    offer.querySelector("[data-forget]").addEventListener("click", () => {
      offer.hidden = true;
      forget();
    });
  }
} catch {
  forget();
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    keep();
    mirrors();
    look();
  }, PAUSE_MS);
});
form.addEventListener("change", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    keep();
    look();
  }, PAUSE_MS);
});
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!navigator.onLine) {
    event.preventDefault();
    keep();
    tellOffline();
    return;
  }
  if ("bound" in form.dataset) before = "";
  keep();
  sessionStorage.setItem(SENT, KEY);
});

fillSpare();
show();
hide();
mirrors();
if (!first) more.hidden = true;
