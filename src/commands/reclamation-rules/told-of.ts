import type { ReclamationRule } from "../../model/reclamation.ts";
import { listSeatSiteIds } from "../../store/candidates/sites.ts";
import type { Reader } from "../../store/database.ts";

/** Who `owner` and `connection-owners` are, of what a rule does. */
export async function toldOf(
  reader: Reader,
  { ownerId, siteIds }: Pick<ReclamationRule, "ownerId" | "siteIds">,
): Promise<{ ownerId: string | null; siteIds: readonly string[] }> {
  return { ownerId, siteIds: siteIds ?? (await listSeatSiteIds(reader)) };
}
