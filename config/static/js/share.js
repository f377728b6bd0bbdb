// <button data-share data-url data-title data-copied="…"> shares (or copies where sharing is missing); <button data-copy="text"> copies.
import { toast } from "./ui.js";

async function copy(text, words) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // http:// on the local network has no clipboard API.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  if (words) toast(words, "success");
}

document.addEventListener("click", async (event) => {
  const share = event.target.closest("[data-share]");
  if (share) {
    const data = { title: share.dataset.title || document.title, url: new URL(share.dataset.url || location.href, location.href).href };
    if (navigator.share) {
      try {
        await navigator.share(data);
        return;
      } catch (error) {
        if (error.name === "AbortError") return;
      }
    }
    await copy(data.url, share.dataset.copied);
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) await copy(copier.dataset.copy, copier.dataset.copied);
});
for (const button of document.querySelectorAll("[data-share], [data-copy]")) button.hidden = false;
