// Six digits typed or pasted send themselves, once.
const input = document.querySelector(".code-input");
let sent = false;

input?.addEventListener("input", () => {
  const digits = input.value.replace(/\D/g, "");
  if (digits.length > 6) input.value = digits.slice(0, 6);
  if (digits.length !== 6 || sent) return;
  sent = true;
  input.form.requestSubmit(input.form.querySelector("button:not([formaction])"));
});
addEventListener("pageshow", () => { sent = false; });
