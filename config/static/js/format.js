// Times and numbers as the page's language writes them.
const language = document.documentElement.lang === "en" ? "en" : "vi";
const words = language === "en"
  ? { h: "h", m: "min", s: "s", now: "just now", ago: (x) => `${x} ago` }
  : { h: "giờ", m: "phút", s: "giây", now: "vừa xong", ago: (x) => `${x} trước` };
const plain = new Intl.NumberFormat(language);
const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });

/** Seconds as a clock: 9:05, 1:09:05. Part seconds count as whole, so 0:00 means over. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const pad = (n) => String(n).padStart(2, "0");
  const h = Math.floor(whole / 3600), m = Math.floor((whole % 3600) / 60), s = whole % 60;
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Seconds in words: "9 phút 5 giây". */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [[Math.floor(whole / 3600), words.h], [Math.floor((whole % 3600) / 60), words.m], [whole % 60, words.s]].filter(([n]) => n);
  return parts.slice(0, 2).map(([n, unit]) => `${n} ${unit}`).join(" ") || `0 ${words.s}`;
}

/** "2 giây trước". */
export const ago = (seconds) => (seconds < 1 ? words.now : words.ago(duration(seconds < 60 ? seconds : seconds - (seconds % 60))));
export const number = (n) => plain.format(n);
/** 0.125 as "12,5%". */
export const percent = (x) => percents.format(x);
