// The service worker: learning goes on without a network, and a paper that is reloaded without one is still there.
// It keeps only what pages ask it to keep, and gives a copy only where the network fails. What belongs to a person is
// never kept, with one exception: the paper in hand, which holds no key, until it is handed in or somebody signs out.
// Answers, sockets, sign-in and the console never pass through here.
const VERSION = "{{ version }}";
const PAGES = `thiso-trang-${VERSION}`, FILES = `thiso-tep-${VERSION}`, PAPER = "thiso-bai";
const OFFLINE = "{{ offline_url }}", SIGN_OUT = "{{ sign_out_url }}";
const NEVER = ["/api/", "/ws/", "/quan-ly/", "/tai-khoan/", "/hop-thu/", "/healthz"];
const LEARNING = /^\/hoc\/(the\/[-\w]+\/(hoc\/)?)?$/;
const DECK = /^\/hoc\/the\/[-\w]+\/the\.json$/;
const PAPER_PAGE = /^\/t\/[^/]+\/$/, RESULT_PAGE = /^\/k\/[^/]+\/$/;
const STATIC = /^\/static\//, HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PAPER_LIFE_MS = 24 * 3600 * 1000;

const here = (url) => new URL(url, location.origin);
const sound = (response) => response.ok && !response.redirected && response.type === "basic";

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepPublic(PAGES, OFFLINE).catch(() => {}));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // An update of the site: what was kept for the old one goes. The paper in hand stays, its time runs.
    for (const name of await caches.keys()) if (![PAGES, FILES, PAPER].includes(name)) await caches.delete(name);
    await clients.claim();
  })());
});

// Fetched without cookies: the copy is what a stranger would see, never somebody's page.
async function keepPublic(name, url) {
  const response = await fetch(url, { credentials: "omit", cache: "no-cache", redirect: "error" });
  if (sound(response)) await (await caches.open(name)).put(here(url).pathname + here(url).search, response);
}

async function keepFiles(files) {
  const cache = await caches.open(FILES);
  await Promise.all([...new Set(files.map((url) => here(url).pathname))].filter((path) => STATIC.test(path)).map(async (path) => {
    if (HASHED.test(path) && await cache.match(path)) return;
    const response = await fetch(path, { credentials: "omit" });
    if (sound(response)) await cache.put(path, response);
  }));
}

addEventListener("message", (event) => {
  const { type, pages = [], files = [], data = [], html = "" } = event.data ?? {};
  const settle = (promises) => event.waitUntil(Promise.allSettled(promises).then(() => event.ports[0]?.postMessage({ type: "kept" })));
  switch (type) {
    case "keep":
      settle([
        keepFiles(files),
        ...pages.filter((url) => LEARNING.test(here(url).pathname)).map((url) => keepPublic(PAGES, here(url).pathname)),
        ...data.filter((url) => DECK.test(here(url).pathname)).map((url) => keepPublic(PAGES, url)),
      ]);
      break;
    case "keep-paper":
      settle([keepFiles(files), keepPaper(event.source.url, html)]);
      break;
    case "drop-papers":
      settle([caches.delete(PAPER)]);
      break;
  }
});

// The paper gives itself: nothing is asked of the server for it. Its headers (what scripts it may run) are those of every
// page. A copy is given back only at the address of the page it came from.
async function keepPaper(url, html) {
  const path = here(url).pathname, offline = await (await caches.open(PAGES)).match(OFFLINE);
  if (!PAPER_PAGE.test(path) || !offline) return;
  const headers = new Headers(offline.headers);
  for (const name of ["Content-Length", "Content-Encoding"]) headers.delete(name);
  headers.set("X-Kept-At", String(Date.now()));
  await caches.delete(PAPER); // one paper at a time
  await (await caches.open(PAPER)).put(path, new Response(html, { headers }));
}

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = here(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === SIGN_OUT) event.waitUntil(caches.delete(PAPER));
  if (request.method !== "GET" || NEVER.some((prefix) => pathname.startsWith(prefix))) return;
  if (STATIC.test(pathname)) event.respondWith(fileOf(request, pathname));
  else if (DECK.test(pathname)) event.respondWith(networkFirst(request, pathname + search));
  else if (request.mode === "navigate") event.respondWith(pageOf(event, pathname));
});

// A name with a hash never changes what it means; others are asked for anew while there is a network.
async function fileOf(request, path) {
  const kept = () => caches.open(FILES).then((cache) => cache.match(path));
  if (HASHED.test(path)) return (await kept()) ?? fetch(request);
  return fetch(request).catch(async (error) => {
    const found = await kept();
    if (!found) throw error;
    return found;
  });
}

async function networkFirst(request, path) {
  try {
    const response = await fetch(request);
    return response;
  } catch (error) {
    const found = await (await caches.open(PAGES)).match(path);
    if (!found) throw error;
    return found;
  }
}

async function pageOf(event, pathname) {
  const { request } = event;
  try {
    const response = await fetch(request);
    if (RESULT_PAGE.test(pathname) && response.ok) event.waitUntil(caches.delete(PAPER));
    return response;
  } catch {
    const pages = await caches.open(PAGES);
    return (await paperOf(pathname)) ?? (LEARNING.test(pathname) ? await pages.match(pathname) : undefined) ?? (await pages.match(OFFLINE)) ?? Response.error();
  }
}

// The copy says that it is one: its clock stands where it stood when it was made.
async function paperOf(pathname) {
  if (!PAPER_PAGE.test(pathname)) return undefined;
  const kept = await (await caches.open(PAPER)).match(pathname);
  if (!kept) return undefined;
  if (Date.now() - Number(kept.headers.get("X-Kept-At")) > PAPER_LIFE_MS) {
    await caches.delete(PAPER);
    return undefined;
  }
  return new Response((await kept.text()).replace("<html ", "<html data-kept "), { headers: kept.headers });
}
