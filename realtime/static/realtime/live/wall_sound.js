// What is heard when. Sound is off until somebody at the computer switches it on.
import { beat, bell, fall, gong, greatBell, rise, roll, tap } from "../../js/sound.js";

const LAST = 5;      // seconds that are counted aloud
const QUIET = 180;   // ms between two taps of people coming in

export class Cues {
  constructor() {
    this.tapped = 0;
  }

  /** A new phase: the drum leads into the question, the gong closes it, a bell opens the answer. */
  phase(frame, before) {
    if (!before || (before.phase === frame.phase && before.instance === frame.instance)) return;
    if (frame.paused) return;
    switch (frame.phase) {
      case "intro": roll(Math.min(6, Math.max(0.6, (frame.opens_at - frame.now) / 1000))); break;
      case "locked": gong(); break;
      case "reveal":
        if (before.phase === "open") gong();
        else bell();
        break;
      case "rescue": rise(); break;
    }
  }

  second(phase, seconds) {
    if (phase === "open" && seconds > 0 && seconds <= LAST) beat(1 - seconds / (LAST * 2));
  }

  joined() {
    const now = performance.now();
    if (now - this.tapped < QUIET) return;
    this.tapped = now;
    tap();
  }

  fell(count) { fall(Math.min(12, count)); }
  rescued() { rise(); }
  moved() { tap(); }
  place() { beat(1); }
  beforeFirst() { roll(2); }
  first() { gong(); rise(); }
  greatBell() { greatBell(3); }
}
