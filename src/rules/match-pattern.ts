import { ok, refuse, type Result } from "../lib/result.ts";

/** Longest pattern, and most repetitions in it: both engines answer such a one at once, whatever the text. */
const CHARACTERS_MAX = 200;
const REPETITIONS_MAX = 6;

/**
 * One piece of a pattern: a class, an escaped sign, a dot, a letter or sign that stands for itself, or a parenthesis;
 * with or without how often. Two engines run a pattern, JavaScript's here and PostgreSQL's for many accounts, and they
 * agree on just this: alternatives, lazy repetition, repeated groups, look-around and letter classes they take
 * differently, so that these are not in the language.
 */
const PIECE =
  /(?:\[\^?(?:[^[\]\\]|\\[\\[\]^-])+\]|\\[^A-Za-z0-9\s]|\(|\)|[^\\[\](){}|^$*+?\s])([*+?]|\{\d{1,2}(?:,\d{0,2})?\})?/uy;

/** A pattern for the whole of a text, checked; else what is wrong with it. `groups`: how many it captures. */
export function readPattern(pattern: string): Result<{ groups: number }, string> {
  if (pattern.length === 0 || pattern.length > CHARACTERS_MAX) return refuse(`1 to ${CHARACTERS_MAX} characters`);
  let groups = 0;
  let open = 0;
  let repetitions = 0;
  PIECE.lastIndex = 0;
  for (let at = 0; at < pattern.length; at = PIECE.lastIndex) {
    const [piece, times] = PIECE.exec(pattern) ?? [];
    if (piece === undefined) return refuse(`${LANGUAGE}; it cannot be read from character ${at + 1} on`);
    if (times !== undefined) repetitions += 1;
    if (piece.startsWith("(")) {
      groups += 1;
      open += 1;
    }
    if (piece.startsWith(")")) open -= 1;
    if (open < 0 || (times !== undefined && /^[()]/.test(piece)))
      return refuse(`${LANGUAGE}; a group cannot be repeated`);
  }
  if (open !== 0) return refuse(`${LANGUAGE}; a parenthesis is not closed`);
  if (repetitions > REPETITIONS_MAX) return refuse(`at most ${REPETITIONS_MAX} repetitions`);
  if (groups > 9) return refuse("at most 9 groups");
  return isCompilable(pattern) ? ok({ groups }) : refuse(LANGUAGE);
}

const LANGUAGE =
  "a pattern of letters, signs escaped by a backslash, dots, classes such as [a-z0-9], groups in parentheses, and repetitions * + ? {1,3}";

/** `$1` to `$9` put in what a group captured; `$$` is a dollar sign. */
export function readReplacement(text: string, groups: number): Result<true, string> {
  for (const [, sign] of text.matchAll(/\$(.?)/gs)) {
    if (sign === "$" || (sign && /[1-9]/.test(sign) && Number(sign) <= groups)) continue;
    return refuse(
      groups === 0
        ? "text in which $$ stands for a dollar sign"
        : `text with $1 to $${groups}, and $$ for a dollar sign`,
    );
  }
  return ok(true);
}

/** What the pattern does not match as a whole stays as it is. */
export function replaceWhole(text: string, pattern: string, replacement: string): string {
  return text.replace(compile(pattern), replacement);
}

function isCompilable(pattern: string): boolean {
  try {
    compile(pattern);
    return true;
  } catch {
    // A range out of order, or a repetition that ends before it begins: only the engine itself can tell.
    return false;
  }
}

function compile(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, "s");
}
