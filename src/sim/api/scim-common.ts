import { listParameter, Refused, type Reply, status } from "../http.ts";
import type { Call } from "../simulation.ts";
import { uuid } from "../random.ts";
import type { Account } from "../world/people.ts";
import type { Group } from "../world/groups.ts";
import type { SiteWorld, World } from "../world/world.ts";

const SCIM_TYPE = "application/scim+json;charset=UTF-8";
const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";
export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const ATLASSIAN_SCHEMA = "urn:scim:schemas:extension:atlassian-external:1.0";

export type ScimType = "invalidFilter" | "invalidSyntax" | "invalidPath" | "invalidValue" | "mutability" | "uniqueness";

export function scimJson(body: unknown, code = 200): Reply {
  return { ...status(code, body ?? {}), type: SCIM_TYPE };
}

/** FACTS §6. `scimType` is for 400 and 409 only (RFC 7644, section 3.12). */
export function scimError(code: number, detail: string, scimType?: ScimType): Reply {
  const type = scimType === undefined ? {} : { scimType };
  return scimJson({ schemas: [ERROR_SCHEMA], status: String(code), ...type, detail }, code);
}

/** A missing token, and one that does not open this directory. */
export function scimFailure(code: 401 | 403, error: string): Reply {
  return scimJson({ error, traceId: "3f6f1a2e5f0c2a1e" }, code);
}

/** Its id there: the account's own is another. */
export function scimUserId(world: World, account: Account): string {
  return uuid(world.seed, account.index, 300);
}

/** Whom the identity provider provisions: managed, not closed, and not deleted there. */
export function provisioned(world: World): Account[] {
  return world.people.filter(
    (each) => each.kind === "atlassian" && each.synced && each.state !== "closed" && !each.isUnprovisioned,
  );
}

export interface SyncedGroup {
  site: SiteWorld;
  group: Group;
}

/** The groups that only the identity provider may change, on every site. */
export function syncedGroups(world: World): SyncedGroup[] {
  return world.sites.flatMap((site) =>
    site.groups.filter((each) => each.managedBy === "EXTERNAL").map((group) => ({ site, group })),
  );
}

const PAGE_MAX = 100;

/** `startIndex` counts from 1; how large a page may be is not documented. */
export function scimPage<Row>(call: Call, rows: readonly Row[], render: (row: Row) => unknown): Reply {
  const startIndex = Math.max(1, countOf(call, "startIndex", 1));
  const count = Math.min(countOf(call, "count", PAGE_MAX), PAGE_MAX);
  const shown = rows.slice(startIndex - 1, startIndex - 1 + count);
  return scimJson({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: rows.length,
    startIndex,
    itemsPerPage: shown.length,
    Resources: shown.map(render),
  });
}

function countOf({ request }: Call, name: string, fallback: number): number {
  const text = request.query.get(name) ?? "";
  if (text === "") return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Refused(scimError(400, `${name} is not a number from 0`, "invalidValue"));
  return Number(text);
}

/** "A single exact match (`eq`)" against one of these attributes (document); null without a filter. */
export function scimFilter({ request }: Call, attributes: readonly string[]): { name: string; value: string } | null {
  const text = request.query.get("filter");
  if (text === null || text === "") return null;
  const found = /^\s*(\w+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(text);
  const name = attributes.find((each) => each.toLowerCase() === found?.[1]?.toLowerCase());
  if (!found || name === undefined)
    throw new Refused(scimError(400, `The filter must be ${attributes.join(" or ")} eq "…"`, "invalidFilter"));
  return { name, value: String(JSON.parse(found[2] ?? '""')) };
}

/** `attributes` keeps what it names, `excludedAttributes` leaves it out; `schemas` and `id` always stay. */
export function chosenAttributes({ request }: Call, resource: Record<string, unknown>): Record<string, unknown> {
  const top = (name: string) => listParameter(request.query, name).map((each) => each.split(".")[0]);
  const [wanted, left] = [top("attributes"), top("excludedAttributes")];
  if (wanted.length > 0 && left.length > 0)
    throw new Refused(scimError(400, "attributes and excludedAttributes are mutually exclusive", "invalidValue"));
  return Object.fromEntries(
    Object.entries(resource).filter(
      ([name]) =>
        name === "schemas" || name === "id" || ((wanted.length === 0 || wanted.includes(name)) && !left.includes(name)),
    ),
  );
}

export interface PatchOperation {
  op: "add" | "remove" | "replace";
  /** Empty when the value is an object of attributes. */
  path: string;
  value: unknown;
}

/** RFC 7644, section 3.5.2; the names of operations in any case. */
export function patchOperations(body: Record<string, unknown> | undefined): PatchOperation[] {
  const operations: unknown = body?.["Operations"] ?? body?.["operations"];
  if (!Array.isArray(operations) || operations.length === 0)
    throw new Refused(scimError(400, "Operations are required", "invalidSyntax"));
  return operations.map((each: unknown) => {
    const { op, path, value } = Object(each);
    const known = (["add", "remove", "replace"] as const).find((name) => name === String(op).toLowerCase());
    if (!known) throw new Refused(scimError(400, `There is no operation ${op}`, "invalidSyntax"));
    return { op: known, path: typeof path === "string" ? path : "", value };
  });
}
