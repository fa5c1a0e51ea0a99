import { adminError, decodeCursor, encodeCursor, json, Refused, type Reply } from "../http.ts";
import type { Call } from "../simulation.ts";
import type { Account } from "../world/people.ts";
import type { SiteWorld } from "../world/world.ts";

/** The sites of the directory in the path; `-` is every one that the key may administer. */
export function sitesOf(call: Call): SiteWorld[] {
  checkOrganization(call);
  const { directoryId } = call.params;
  const found = call.sim.world.sites.filter((each) => directoryId === "-" || each.directoryId === directoryId);
  if (found.length === 0) throw new Refused(adminError(404, "ADMIN-404-1", "Directory not found"));
  return found;
}

export function checkOrganization(call: Call): void {
  if (call.params["orgId"] !== call.sim.world.orgId)
    throw new Refused(adminError(404, "ADMIN-404-2", "Organization not found"));
}

interface PageOptions {
  fallback: number;
  most: number;
}

export function page<Row>(
  call: Call,
  body: Record<string, unknown>,
  all: readonly Row[],
  { fallback, most }: PageOptions,
  toJson: (row: Row) => string,
): Reply {
  const limit = body["limit"] ?? fallback;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new Refused(adminError(400, "ADMIN-400-24", `limit must be between 1 and ${most}`));
  }
  const cursor = body["cursor"];
  const offset = typeof cursor === "string" ? decodeCursor(cursor) : 0;
  if (offset === null || call.faults.some((each) => each.kind === "bad-cursor"))
    throw new Refused(adminError(400, "ADMIN-400-1", "Invalid page cursor"));
  const rows = all.slice(offset, offset + limit).map(toJson);
  const links: Record<string, string> = { self: encodeCursor(offset) };
  if (offset > 0) links["prev"] = encodeCursor(Math.max(offset - limit, 0));
  if (offset + rows.length < all.length && rows.length > 0) links["next"] = encodeCursor(offset + rows.length);
  return json(`{"data":[${rows.join(",")}],"links":${JSON.stringify(links)}}`);
}

export function peopleOf(call: Call, sites: readonly SiteWorld[]): Account[] {
  const indexes = new Set(sites.flatMap((each) => each.accounts));
  return call.sim.world.people.filter(
    (each) => each.kind === "atlassian" && each.state !== "closed" && indexes.has(each.index),
  );
}

export function accountOf(call: Call): Account {
  const found = peopleOf(call, sitesOf(call)).find((each) => each.id === call.params["accountId"]);
  if (!found) throw new Refused(adminError(404, "ADMIN-404-8", "User not found"));
  return found;
}
