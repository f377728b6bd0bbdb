// Reads and writes the response of one question on the page, whatever its kind, in the wire form of quizbank/kinds.

const all = (section, selector) => [...section.querySelectorAll(selector)];

/** What is chosen or written now; "" when nothing is. */
export function readAnswer(section) {
  switch (section.dataset.kind) {
    case "multiple": return orEmpty(all(section, "input[name=a]:checked").map((input) => input.value));
    case "ordering": return section.querySelector("[data-order]").dataset.touched ? all(section, "[data-order] > li").map((li) => li.dataset.id) : "";
    case "matching": {
      const chosen = all(section, "select[data-pair]").map((select) => select.value);
      return chosen.some(Boolean) ? chosen : "";
    }
    case "numeric": case "short": return section.querySelector("[name=a]").value.trim();
    default: return section.querySelector("input[name=a]:checked")?.value ?? "";
  }
}

/** What the server put into the page, whatever has been tapped since: a tap may come before this script does. */
export function servedAnswer(section) {
  switch (section.dataset.kind) {
    case "multiple": return orEmpty(all(section, "input[name=a]").filter((input) => input.defaultChecked).map((input) => input.value));
    case "ordering": return readAnswer(section);
    case "matching": {
      const chosen = all(section, "select[data-pair]").map((select) => [...select.options].find((one) => one.defaultSelected)?.value ?? "");
      return chosen.some(Boolean) ? chosen : "";
    }
    case "numeric": case "short": return section.querySelector("[name=a]").defaultValue.trim();
    default: return all(section, "input[name=a]").find((input) => input.defaultChecked)?.value ?? "";
  }
}

const orEmpty = (list) => (list.length ? list : "");

/** Show `wire` as the answer. */
export function writeAnswer(section, wire) {
  const list = Array.isArray(wire) ? wire : wire ? [wire] : [];
  switch (section.dataset.kind) {
    case "ordering": {
      const home = section.querySelector("[data-order]");
      if (list.length) home.dataset.touched = "1";
      else delete home.dataset.touched;
      const items = new Map([...home.children].map((li) => [li.dataset.id, li]));
      for (const id of list) if (items.has(id)) home.append(items.get(id));
      renumber(home);
      break;
    }
    case "matching":
      all(section, "select[data-pair]").forEach((select, place) => { select.value = list[place] ?? ""; });
      break;
    case "numeric": case "short":
      section.querySelector("[name=a]").value = list[0] ?? "";
      break;
    default:
      for (const input of all(section, "input[name=a]")) input.checked = list.includes(input.value);
  }
}

/** Put the places 1…n into the selects that a page without JavaScript shows, and say them beside the items. */
export function renumber(home) {
  [...home.children].forEach((li, index, items) => {
    const select = li.querySelector("select");
    if (select) select.value = home.dataset.touched ? String(index + 1) : "";
    li.querySelector("[data-place]").textContent = home.dataset.touched ? String(index + 1) : "–";
    const [up, down] = li.querySelectorAll("[data-move]");
    up.disabled = index === 0;
    down.disabled = index === items.length - 1;
  });
}
