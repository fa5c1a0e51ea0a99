import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const CSS = readFileSync(new URL("../src/web/look/tokens.css", import.meta.url), "utf8");

type Theme = "light" | "dark";

/** Every color by its token, as the themes have it. */
const COLORS: Readonly<Record<Theme, ReadonlyMap<string, string>>> = {
  light: colorsOf("light"),
  dark: colorsOf("dark"),
};

function colorsOf(theme: Theme): Map<string, string> {
  const both = [...CSS.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  const same = [...CSS.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)];
  return new Map([
    ...both.map(([, name, light, dark]): [string, string] => [name ?? "", (theme === "light" ? light : dark) ?? ""]),
    ...same.map(([, name, color]): [string, string] => [name ?? "", color ?? ""]),
  ]);
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What stands on what, and the least contrast: 4.5 for words, 3 for the edge of a control and a mark of a chart. */
const GROUNDS = ["canvas", "surface", "sunken", "hover", "selected"];
const PAIRS: readonly (readonly [over: string, ground: string, least: number])[] = [
  ...["text", "muted", "faint", "accent-text"].flatMap((over) => GROUNDS.map((ground) => [over, ground, 4.5] as const)),
  ...["ok", "warn", "danger", "info", "neutral"].flatMap((kind) => [[kind, `${kind}-ground`, 4.5] as const]),
  ...["ok", "warn", "danger", "info", "neutral"].map((kind) => [kind, "surface", 4.5] as const),
  ...["accent", "accent-hover", "danger-button"].map((ground) => ["on-accent", ground, 4.5] as const),
  ...["canvas", "surface"].map((ground) => ["border-strong", ground, 3] as const),
  ...["canvas", "surface", "selected"].map((ground) => ["focus", ground, 3] as const),
  ...["active", "idle", "never-used", "no-evidence", "excluded", "cost", "saved"].map(
    (mark) => [`chart-${mark}`, "surface", 3] as const,
  ),
];

describe("the colors", () => {
  for (const theme of ["light", "dark"] as const) {
    it(`can be told from what they stand on, ${theme}`, () => {
      const weak = PAIRS.flatMap(([over, ground, least]) => {
        const [one, other] = [COLORS[theme].get(over), COLORS[theme].get(ground)];
        assert.ok(one && other, `There is no token ${over} or ${ground}.`);
        const found = contrast(one, other);
        // As it is written in the design: to one or two digits.
        return found >= least - 0.05 ? [] : [`${over} on ${ground}: ${found.toFixed(2)}, not ${least}`];
      });

      assert.deepEqual(weak, []);
    });
  }
});
