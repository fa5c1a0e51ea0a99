import { adminError, bodyObject, decodeCursor, encodeCursor, json, Refused, type Reply } from "../http.ts";
import { type Call, siteUrl } from "../simulation.ts";
import { seatsMaxOf } from "../world/seat-count.ts";
import type { SiteWorld } from "../world/world.ts";
import { checkOrganization } from "./admin-common.ts";
import { resourceId } from "./admin-objects.ts";

/** Products of the organization; here Confluence alone. A cursor comes alone: it carries what was asked for (document). */
export function searchWorkspaces(call: Call): Reply {
  checkOrganization(call);
  const { sim } = call;
  const { offset, limit, types } = wishOf(call);
  const found = sim.world.sites.filter(() => types === null || types.includes("confluence"));
  const rows = found.slice(offset, offset + limit);
  const end = offset + rows.length;
  const self = `${sim.url}/api/admin/v2/orgs/${sim.world.orgId}/workspaces`;
  const next = end < found.length ? { next: cursorOf({ offset: end, limit, types }) } : {};
  const indexes = rows.length === 0 ? { startIndex: null, endIndex: null } : { startIndex: offset + 1, endIndex: end };
  return json({
    data: rows.map((each) => workspace(call, each)),
    links: { self, ...next },
    meta: { pageSize: rows.length, ...indexes, total: found.length },
  });
}

interface Wish {
  offset: number;
  limit: number;
  /** Null for every type. */
  types: string[] | null;
}

function wishOf({ request }: Call): Wish {
  const body = request.body === "" ? {} : bodyObject(request);
  if (!body) throw new Refused(adminError(400, "ADMIN-400-4", "Invalid request body"));
  const { cursor, limit = 20, query } = body;
  if (typeof cursor === "string") return wishOfCursor(cursor, Object.keys(body).length);
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new Refused(adminError(400, "ADMIN-400-4", "limit must be between 1 and 1000"));
  return { offset: 0, limit, types: typesOf(query) };
}

function cursorOf({ offset, limit, types }: Wish): string {
  return `${encodeCursor(offset)}.${limit}.${types?.join("+") ?? ""}`;
}

function wishOfCursor(cursor: string, fields: number): Wish {
  const [place = "", limit = "", types = ""] = cursor.split(".");
  const offset = decodeCursor(place);
  if (offset === null || fields > 1) throw new Refused(adminError(400, "ADMIN-400-1", "Invalid page cursor"));
  return { offset, limit: Number(limit), types: types === "" ? null : types.split("+") };
}

/** `attributes.type` of a field, alone or among those joined by `and`. */
function typesOf(query: unknown): string[] | null {
  const { and, field } = Object(query);
  if (Array.isArray(and)) return and.map(typesOf).find((each) => each !== null) ?? null;
  const { name, values } = Object(field);
  const isType = name === "attributes.type" || name === "attributes.typeKey";
  return isType && Array.isArray(values) ? values.map(String) : null;
}

function workspace({ sim }: Call, site: SiteWorld): unknown {
  return {
    id: resourceId(site),
    type: "workspace",
    attributes: {
      name: site.name,
      type: "confluence",
      typeKey: "confluence",
      owner: null,
      status: "online",
      statusDetails: [],
      icons: {},
      avatars: {},
      labels: [],
      sandbox: { type: "NONE" },
      usage: null,
      capacity: seatsMaxOf(site),
      createdAt: new Date(sim.world.startedAt - 2_000 * 86_400_000).toISOString(),
      createdBy: null,
      hostUrl: siteUrl(sim, site),
      realm: "eu",
      regions: ["eu"],
    },
    links: { self: `${sim.url}/api/admin/v2/workspaces/${site.cloudId}` },
    relationships: {},
  };
}
