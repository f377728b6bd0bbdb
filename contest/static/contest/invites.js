// Sharing a link with its picture: Zalo and others on a phone take the file; without that the link alone, or a copy of it.
import { toast } from "../js/ui.js";

async function pictureFile(address) {
  try {
    const response = await fetch(address);
    if (!response.ok) return null;
    return new File([await response.blob()], "moi-du-thi.png", { type: "image/png" });
  } catch {
    return null;
  }
}

async function share(button) {
  const link = { title: button.dataset.title, text: button.dataset.title, url: button.dataset.url };
  if (navigator.share) {
    const file = navigator.canShare ? await pictureFile(button.dataset.sharePicture) : null;
    // Some apps take only the file and drop the address: it stands in the text as well.
    const whole = file && { ...link, text: `${link.title} ${link.url}`, files: [file] };
    try {
      await navigator.share(whole && navigator.canShare(whole) ? whole : link);
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const copy = button.parentElement.querySelector("[data-copy]");
  if (copy) copy.click();
  else toast(link.url, "info");
}

for (const button of document.querySelectorAll("[data-share-picture]")) {
  button.hidden = false;
  button.addEventListener("click", () => share(button));
}
