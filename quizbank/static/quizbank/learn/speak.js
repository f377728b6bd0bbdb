// Read aloud by the browser's own voice, where it has one for the language; without one the button stays hidden.
export function startSpeaking(root, { language, text }) {
  const button = root.querySelector("[data-speak]");
  const speech = globalThis.speechSynthesis;
  if (!button || !speech) return;
  const voice = () => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));
  const draw = () => { button.hidden = !voice(); };
  speech.addEventListener?.("voiceschanged", draw);
  draw();
  button.addEventListener("click", () => {
    const speaking = speech.speaking;
    speech.cancel();
    if (speaking) return; // a second tap is "stop"
    for (const part of text().filter(Boolean)) {
      const words = new SpeechSynthesisUtterance(part);
      words.voice = voice();
      words.lang = words.voice.lang;
      words.rate = 0.95;
      speech.speak(words);
    }
  });
  addEventListener("pagehide", () => speech.cancel());
}
