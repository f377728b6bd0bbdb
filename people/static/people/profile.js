// The profile form: the unit picker searches while one types; the guardian's part appears by birth year.
// Without this file the "Tìm" button does the same by a page load.

const form = document.querySelector("[data-profile]");
const options = form?.querySelector("[data-units]");

if (options) {
  const province = form.elements.province;
  const text = form.elements.unit_text;
  const status = form.querySelector("[data-units-status]");
  const organisations = form.querySelector("[data-organisations]");
  const inner = form.querySelector("[data-inner]");
  let timer = 0;
  let asked = 0;

  form.querySelector("[data-find]").hidden = true;

  const fetchList = async (params) => {
    const response = await fetch(`${options.dataset.url}?${new URLSearchParams(params)}`, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  };

  const search = async () => {
    const number = ++asked;
    try {
      const html = await fetchList({ q: text.value, within: province.value, kind: "commune" });
      if (number !== asked) return; // a later search has been sent
      const before = form.elements.unit?.value ?? "";
      options.innerHTML = html;
      const same = options.querySelector(`input[value="${CSS.escape(before)}"]`);
      if (same) same.checked = true;
      else if (before) await showOrganisations(province.value);
      const found = options.querySelectorAll("input").length;
      status.textContent = status.dataset.words.replace("{n}", found);
    } catch {
      form.querySelector("[data-find]").hidden = false; // no network: the plain button still works later
    }
  };

  const showOrganisations = async (code) => {
    if (!code) {
      inner.innerHTML = "";
      organisations.hidden = true;
      return;
    }
    try {
      inner.innerHTML = await fetchList({ within: code, kind: "organisation" });
    } catch {
      inner.innerHTML = "";
    }
    organisations.hidden = inner.querySelector("input") === null;
  };

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 180);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter searches; it does not send a half-filled form
    clearTimeout(timer);
    search();
  });
  province.addEventListener("change", () => {
    text.value = "";
    options.innerHTML = "";
    showOrganisations(province.value);
    search();
  });
  options.addEventListener("change", (event) => {
    const field = text.closest("[data-invalid]");
    if (field) delete field.dataset.invalid;
    for (const error of field?.querySelectorAll(".field-error") ?? []) error.hidden = true;
    showOrganisations(event.target.value);
  });
}

const guardian = form?.querySelector("[data-guardian]");
if (guardian) {
  const year = Number(form.dataset.year);
  form.elements.birth_year.addEventListener("input", (event) => {
    const age = year - Number(event.target.value);
    guardian.hidden = !(event.target.value.length === 4 && age >= 5 && age <= 16);
  });
}
