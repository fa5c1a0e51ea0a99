import { styleText } from "node:util";

/** What a color means; nothing is said by color alone. */
export interface Colors {
  strong(text: string): string;
  muted(text: string): string;
  ok(text: string): string;
  warn(text: string): string;
  danger(text: string): string;
  info(text: string): string;
}

const plain = (text: string) => text;

export const NO_COLORS: Colors = { strong: plain, muted: plain, ok: plain, warn: plain, danger: plain, info: plain };

const TERMINAL_COLORS: Colors = {
  strong: (text) => styleText("bold", text, { validateStream: false }),
  muted: (text) => styleText("dim", text, { validateStream: false }),
  ok: (text) => styleText("green", text, { validateStream: false }),
  warn: (text) => styleText("yellow", text, { validateStream: false }),
  danger: (text) => styleText("red", text, { validateStream: false }),
  info: (text) => styleText("cyan", text, { validateStream: false }),
};

/** no-color.org: any value that is not empty switches colors off. */
export function colorsFor(isTty: boolean, environment: Record<string, string | undefined>): Colors {
  const isWanted = isTty && !environment.NO_COLOR && environment.TERM !== "dumb";
  return isWanted ? TERMINAL_COLORS : NO_COLORS;
}
