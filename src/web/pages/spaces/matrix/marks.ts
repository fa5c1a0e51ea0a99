import { heldColumns, type HeldRight } from "./operations.ts";

/** How somebody comes to a right. The strongest is shown: what they hold themselves, then through a group, then as everybody. */
export type How = "direct" | "group" | "everyone";

export interface Mark {
  how: How;
  /** The groups or classes it comes through, by name; empty for what is held directly. */
  through: readonly string[];
}

/** A right, how it comes to whom the row is about, and through what. */
export interface RightOfRow {
  right: HeldRight;
  how: How;
  through: string | null;
}

const STRENGTH: Readonly<Record<How, number>> = { direct: 3, group: 2, everyone: 1 };

/** The cells of a row that are filled, by column. */
export function marksOf(rights: readonly RightOfRow[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const { right, how, through } of rights) {
    for (const column of heldColumns(right)) marks.set(column, stronger(marks.get(column), how, through));
  }
  return marks;
}

function stronger(before: Mark | undefined, how: How, through: string | null): Mark {
  const own = through === null ? [] : [through];
  if (!before || STRENGTH[how] > STRENGTH[before.how]) return { how, through: own };
  if (how !== before.how) return before;
  return { how, through: [...new Set([...before.through, ...own])] };
}

/** How a principal of a space holds its right: a class is everybody of it. */
export function howOfPrincipal(principalType: string): How {
  return principalType === "access-class" ? "everyone" : "direct";
}
