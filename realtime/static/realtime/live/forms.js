// One thing, two things: the form of a word its number asks for. realtime/presenters/counted.py gives the forms.
const rules = new Intl.PluralRules(document.documentElement.lang || "vi");

/** `words` is a text, or {one, other}; `values.n` is the number, also as it is written ("1.234"). */
export function form(words, { n }) {
  if (typeof words === "string") return words;
  return words[rules.select(Number(String(n).replace(/\D/g, "")))] ?? words.other;
}
