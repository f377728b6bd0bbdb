// The live board's connection: whole boards, and counts that suffice for who has the board just before them.
import { Line, after } from "./line.js";

/** Events besides Line's: "frame" (detail: a board or counts frame, never older than the last). */
export class Live extends Line {
  constructor({ url, poll }) {
    super({ base: 500, wake: 3000, every: 10000, spread: 5000, again: 60000, polls: Boolean(poll) });
    this.url = url;
    this.poll = poll;
    this.lastPolled = 0;
  }

  address() {
    return this.url;
  }

  pollAddress() {
    return this.poll;
  }

  read(frame) {
    const at = [frame.epoch, frame.seq];
    switch (frame.type) {
      case "board":
        this.asked = 0;
        if (after(at, this.position)) this.take(frame, at);
        else if (!after(this.position, at)) this.tell("beat", frame); // answer to a resync
        break;
      case "counts":
        if (!after(at, this.position)) break;
        if (at[0] === this.position[0] && at[1] === this.position[1] + 1) this.take(frame, at);
        else this.resync();
        break;
      case "tick":
        if (after(at, this.position)) this.resync();
        this.tell("beat", frame);
        break;
    }
  }

  take(frame, at) {
    this.position = at;
    this.tell("frame", frame);
  }

  polled(frame) {
    // Two polls may be answered by two processes: never show the older one.
    if (frame.at < this.lastPolled) return;
    this.lastPolled = frame.at;
    this.tell("frame", frame);
  }
}
