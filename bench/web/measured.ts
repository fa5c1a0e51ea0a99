/** One figure beside the most that UX.md §10 allows. */
export interface Measured {
  what: string;
  value: number;
  most: number;
  unit: "KiB" | "ms" | "";
}

/** False when one is over. */
export function report(all: readonly Measured[]): boolean {
  for (const { what, value, most, unit } of all) {
    const figure = unit === "" ? value.toFixed(3) : `${value.toFixed(unit === "KiB" ? 1 : 0)} ${unit}`;
    const held = value <= most ? "" : "  not held";
    console.log(`${what.padEnd(64)} ${figure.padStart(10)}  of ${most}${held}`);
  }
  return all.every(({ value, most }) => value <= most);
}
