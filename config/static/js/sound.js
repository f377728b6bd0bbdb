// Drum, gong and bells from oscillators and noise: no sound files. Off until the person turns it on; remembered on this machine.
let context = null, out = null;
const KEY = "thiso.sound";

function stored() {
  try { return localStorage.getItem(KEY) === "on"; } catch { return false; }
}
function store(value) {
  try { localStorage.setItem(KEY, value ? "on" : "off"); } catch { /* private mode: the choice lasts as long as the page */ }
}

export const sound = {
  enabled: stored(),
  /** Call from a tap: browsers start audio only then. */
  on() {
    this.enabled = true;
    store(true);
    return ready();
  },
  off() {
    this.enabled = false;
    store(false);
    context?.suspend();
  },
};

async function ready() {
  if (!sound.enabled) return false;
  if (!context) {
    context = new AudioContext();
    out = context.createDynamicsCompressor();
    out.connect(context.destination);
  }
  if (context.state === "suspended") await context.resume();
  return context.state === "running";
}

/** One partial of a struck body: frequency in Hz, level 0–1, decay in seconds. */
function partial(at, frequency, level, decay, { bend = 1, attack = 0.004 } = {}) {
  const tone = context.createOscillator(), gain = context.createGain();
  tone.frequency.setValueAtTime(frequency * bend, at);
  tone.frequency.exponentialRampToValueAtTime(frequency, at + Math.min(0.12, decay / 3));
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(level, at + attack);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + decay);
  tone.connect(gain).connect(out);
  tone.start(at);
  tone.stop(at + decay + 0.05);
}

function thump(at, level) {
  partial(at, 62, level, 0.34, { bend: 2.6 });
  partial(at, 148, level * 0.35, 0.12, { bend: 1.5 });
}

/** Small bell: "received". */
export async function bell() {
  if (!(await ready())) return;
  const t = context.currentTime;
  for (const [ratio, level, decay] of [[1, 0.16, 0.9], [2.76, 0.07, 0.5], [5.4, 0.03, 0.25]]) partial(t, 1180 * ratio, level, decay);
}

/** Gong: time is over. */
export async function gong() {
  if (!(await ready())) return;
  const t = context.currentTime;
  for (const [ratio, level, decay] of [[1, 0.34, 4.2], [1.51, 0.2, 3.4], [2.02, 0.15, 2.8], [2.83, 0.1, 2.1], [3.74, 0.06, 1.4]]) partial(t, 96 * ratio, level, decay, { bend: 1.03, attack: 0.02 });
}

/** Drum roll that grows for `seconds` and ends on one full stroke. */
export async function roll(seconds = 3) {
  if (!(await ready())) return;
  const t = context.currentTime;
  for (let at = 0; at < seconds; at += 0.22 - 0.15 * (at / seconds)) thump(t + at, 0.1 + 0.32 * (at / seconds));
  thump(t + seconds, 0.75);
}

/** The great bell of Rung chuông vàng, struck `strokes` times. */
export async function greatBell(strokes = 1) {
  if (!(await ready())) return;
  for (let stroke = 0; stroke < strokes; stroke++) {
    const t = context.currentTime + stroke * 2.2;
    for (const [ratio, level, decay] of [[0.5, 0.3, 6], [1, 0.26, 4.6], [1.19, 0.16, 3.4], [1.5, 0.12, 2.8], [2, 0.14, 2.4], [2.66, 0.06, 1.4], [4.1, 0.03, 0.7]]) partial(t, 164 * ratio, level, decay, { attack: 0.006 });
  }
}

/** One stroke on the drum, `strength` 0–1: the last seconds, a place on the podium. */
export async function beat(strength = 0.6) {
  if (!(await ready())) return;
  thump(context.currentTime, 0.2 + 0.55 * Math.max(0, Math.min(1, strength)));
}

/** A wooden tick: somebody came in, a row moved. */
export async function tap() {
  if (!(await ready())) return;
  const t = context.currentTime;
  partial(t, 880, 0.07, 0.06, { attack: 0.002 });
  partial(t, 1320, 0.03, 0.04, { attack: 0.002 });
}

/** Five notes upwards (hò xự xang xê cống): somebody is rescued, the first place. */
export async function rise() {
  if (!(await ready())) return;
  const t = context.currentTime;
  [392, 440, 523.25, 587.33, 659.25].forEach((tone, step) => {
    partial(t + step * 0.12, tone, 0.14, 0.9);
    partial(t + step * 0.12, tone * 2.01, 0.05, 0.5);
  });
}

/** `count` seats fall: low strokes, each a little deeper. */
export async function fall(count = 1) {
  if (!(await ready())) return;
  const t = context.currentTime + 0.5;
  for (let step = 0; step < count; step++) partial(t + step * 0.09, 190 - step * 7, 0.2, 0.3, { bend: 1.8 });
}
