import type { z } from "zod";
import type { AccessPath, SeatPath } from "../../api/inventory.ts";
import { booleanColumn, type Column, textColumn } from "../output/columns.ts";

interface Accessing {
  canAdminister: boolean;
  paths: z.input<typeof AccessPath>[];
}

/** What somebody may do in a space, and through what. */
export function accessColumns<Row extends Accessing>(): Column<Row>[] {
  return [
    booleanColumn("Admin", (row) => row.canAdminister),
    textColumn("Through", ({ paths }) => paths.map(pathText)),
  ];
}

/** The group that gives a seat with the groups nested in it on the way; `directly` where no group does. */
export function seatPathText({ group, via }: z.input<typeof SeatPath>): string {
  return group === null ? "directly" : wayText(group, via);
}

function wayText(group: string, via: readonly string[]): string {
  return [group, ...via].join(" > ");
}

function pathText({ through, name, principalId, via, roles }: z.input<typeof AccessPath>): string {
  const what = through === "direct" ? "directly" : wayText(name ?? principalId, via);
  return roles.length > 0 ? `${what} (${roles.join(", ")})` : what;
}
