import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import type { TextOutput } from "../cli.ts";
import { NO_COLORS } from "../output/colors.ts";
import { liveLines } from "./live-lines.ts";

function output(isTty: boolean): TextOutput & { written: string } {
  return {
    written: "",
    isTty,
    columns: () => 20,
    colors: NO_COLORS,
    write(text) {
      this.written += text;
    },
  };
}

const START = new Date("2026-11-21T14:00:00Z");

describe("live lines", () => {
  it("appear at most every five seconds outside a terminal, and without motion", () => {
    const clock = manualClock(START);
    const to = output(false);
    const lines = liveLines(to, clock);

    for (let second = 0; second < 12; second += 1) {
      lines.show([`at ${second}`]);
      clock.moveBy(1000);
    }
    lines.close();

    assert.equal(to.written, "at 5\nat 10\n");
  });

  it("are redrawn in place in a terminal, cut to its width, and leave nothing behind", () => {
    const clock = manualClock(START);
    const to = output(true);
    const lines = liveLines(to, clock);

    lines.show(["a line that is far too long"]);
    clock.moveBy(200);
    lines.show(["short"]);
    lines.close();

    assert.equal(to.written, "\x1b[?25la line that is far…\n\r\x1b[1A\x1b[0Jshort\n\r\x1b[1A\x1b[0J\x1b[?25h");
  });

  it("stay below a line that is kept", () => {
    const to = output(true);
    const lines = liveLines(to, manualClock(START));

    lines.show(["working"]);
    lines.keep("done with one");

    assert.equal(to.written, "\x1b[?25lworking\n\r\x1b[1A\x1b[0Jdone with one\nworking\n");
  });
});
