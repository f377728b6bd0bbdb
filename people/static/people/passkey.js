// A passkey that was refused, cancelled or is not there gets a sentence instead of silence.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.querySelector("[data-passkey-problem]");
  if (note) note.hidden = false;
});
