import type { z } from "zod";
import type { AccessPath } from "../../api/inventory.ts";
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

function pathText({ through, name, principalId, roles }: z.input<typeof AccessPath>): string {
  const what = through === "direct" ? "directly" : (name ?? principalId);
  return roles.length > 0 ? `${what} (${roles.join(", ")})` : what;
}
