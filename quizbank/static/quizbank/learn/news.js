// Good news (a badge, a level, a finished quest): asked for when what was learned has reached the server. It is told once,
// on whichever device asks first; without a network, or without this file, the next page tells it.
export async function tellNews(place, url, store) {
  if (!place || !store.who || !store.csrf) return;
  try {
    const response = await fetch(url, { method: "POST", credentials: "same-origin", cache: "no-store", headers: { "X-CSRFToken": store.csrf } });
    if (response.ok && !response.redirected) place.insertAdjacentHTML("beforeend", await response.text());
  } catch { /* it waits there */ }
}
