import type { Clock } from "../../lib/clock.ts";
import type { TextOutput } from "../cli.ts";
import { cut } from "../output/width.ts";

/** A terminal is redrawn at most this often, anything else gets a line at most this often. */
const REDRAW_MS = 100;
const LINE_MS = 5_000;

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

/**
 * Lines that change while work goes on. In a terminal they are redrawn in place; elsewhere, where nothing can be
 * taken back, they are appended, at most every five seconds and only when something changed.
 */
export interface LiveLines {
  /** What the lines say now. Cheap to call as often as something changes. */
  show(lines: readonly string[]): void;
  /** A line that stays, above the changing ones. */
  keep(line: string): void;
  /** Takes the changing lines away and gives the cursor back. Nothing may be shown after it. */
  close(): void;
}

export function liveLines(output: TextOutput, clock: Clock): LiveLines {
  return output.isTty ? terminalLines(output, clock) : appendedLines(output, clock);
}

function terminalLines(output: TextOutput, clock: Clock): LiveLines {
  let drawn = 0;
  let shown: readonly string[] = [];
  let drawnAtMs = -Infinity;
  let isCursorHidden = false;

  const erase = () => (drawn > 0 ? `\r\x1b[${drawn}A\x1b[0J` : "");
  const draw = () => {
    const width = output.columns() - 1;
    return shown.map((line) => `${cut(line, width)}\n`).join("");
  };
  return {
    show(lines) {
      shown = lines;
      const nowMs = clock.now().getTime();
      if (nowMs - drawnAtMs < REDRAW_MS && lines.length === drawn) return;
      drawnAtMs = nowMs;
      output.write(`${isCursorHidden ? "" : HIDE_CURSOR}${erase()}${draw()}`);
      isCursorHidden = true;
      drawn = lines.length;
    },
    keep(line) {
      output.write(`${erase()}${line}\n${draw()}`);
      drawn = shown.length;
    },
    close() {
      output.write(`${erase()}${isCursorHidden ? SHOW_CURSOR : ""}`);
      drawn = 0;
    },
  };
}

function appendedLines(output: TextOutput, clock: Clock): LiveLines {
  let written = "";
  let writtenAtMs = clock.now().getTime();
  return {
    show(lines) {
      const nowMs = clock.now().getTime();
      const text = lines.map((line) => `${line}\n`).join("");
      if (nowMs - writtenAtMs < LINE_MS || text === written) return;
      output.write(text);
      written = text;
      writtenAtMs = nowMs;
    },
    keep: (line) => output.write(`${line}\n`),
    close() {},
  };
}
