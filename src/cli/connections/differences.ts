import { type Column, textColumn } from "../output/columns.ts";
import type { Connection } from "./find.ts";

type Difference = NonNullable<Connection["pendingRevision"]>["differences"][number];

/** What is running beside what would be. */
export const DIFFERENCES: readonly Column<Difference>[] = [
  textColumn("Field", (difference) => difference.field),
  textColumn("Running", (difference) => inWords(difference.before)),
  textColumn("Would be", (difference) => inWords(difference.after)),
];

function inWords(value: Difference["before"]): string | null {
  if (value === null) return null;
  return Array.isArray(value) ? value.join(", ") : String(value);
}
