// What every page needs; each module does nothing where its elements are missing.
import "./theme.js";
import "./ui.js";
import "./share.js";

// Who signs out leaves nothing on this device. Browsers do it by themselves when Clear-Site-Data comes back, but not old
// ones, and none on http in a local network. Without a network nobody is signed out, and what waits must not be lost.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]") || !navigator.onLine) return;
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch { /* forbidden: then nothing was ever kept */ }
});
