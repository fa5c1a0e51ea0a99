import { bodyObject, countParameter, json, Refused, type Reply, status, v1Error } from "../http.ts";
import { type Endpoint, siteUrl, type SiteCall, worldTime } from "../simulation.ts";
import { type AuditRecord, remoteAddress, seededAuditRecord, seededAuditRecordsSince } from "../world/audit.ts";
import {
  grantPermission,
  type PermissionRefusal,
  type PermissionWish,
  revokePermission,
} from "../world/change-permissions.ts";
import { CLASSIC_OPERATIONS } from "../world/permissions.ts";
import type { Space } from "../world/spaces.ts";
import { commitHash, type SiteWorld } from "../world/world.ts";
import { invalidCount, startOf, v1Links } from "./v1-common.ts";

const AUDIT_PAGE_MAX = 1_000;
/** Default retention (FACTS §3). */
const AUDIT_DAYS = 365;
const READ_AUDIT = [["read:audit-log:confluence"]];

export const siteEndpoints: readonly Endpoint<SiteCall>[] = [
  { method: "GET", template: "/wiki/rest/api/audit", scopes: READ_AUDIT, role: "confluence-admin", handle: listAudit },
  {
    method: "GET",
    template: "/wiki/rest/api/audit/retention",
    scopes: READ_AUDIT,
    role: "confluence-admin",
    handle: getRetention,
  },
  {
    method: "GET",
    template: "/wiki/rest/api/settings/systemInfo",
    scopes: [["manage:confluence-configuration"], ["read:configuration:confluence"]],
    handle: getSystemInfo,
  },
  {
    method: "POST",
    template: "/wiki/rest/api/space/{spaceKey}/permission",
    scopes: [["read:space.permission:confluence", "write:space.permission:confluence"]],
    write: "add-space-permission",
    handle: postPermission,
  },
  {
    method: "DELETE",
    template: "/wiki/rest/api/space/{spaceKey}/permission/{id}",
    scopes: [["write:space.permission:confluence"]],
    write: "remove-space-permission",
    handle: deletePermission,
  },
  // Gone from Cloud: v2 has it (TRAPS §3).
  {
    method: "GET",
    template: "/wiki/rest/api/space",
    scopes: [],
    handle: () => v1Error(410, "This deprecated endpoint has been removed."),
  },
];

/** Pages by start and limit until one is empty: there is no `next` (FACTS §3). */
function listAudit(call: SiteCall): Reply {
  const { sim, site, request } = call;
  if (site.edition === "free") return v1Error(403, "The audit log is not available on this edition.");
  const start = startOf(call);
  const limit = Math.max(
    1,
    Math.min(countParameter(request.query, "limit", AUDIT_PAGE_MAX, invalidCount), AUDIT_PAGE_MAX),
  );
  const from = Math.max(instant(request.query.get("startDate"), 0), worldTime(sim) - AUDIT_DAYS * 86_400_000);
  const to = instant(request.query.get("endDate"), Number.MAX_SAFE_INTEGER);
  const text = request.query.get("searchString")?.toLowerCase() ?? "";
  const rows = auditPage(site, { from, to, text, start, limit }).map((each) => JSON.stringify(auditObject(site, each)));
  const size = call.faults.some((each) => each.kind === "size-lies") ? rows.length + 35 : rows.length;
  return json(
    `{"results":[${rows.join(",")}],"start":${start},"limit":${limit},"size":${size},"_links":${v1Links(call, null)}}`,
    {
      objects: rows.length,
    },
  );
}

export function auditPage(
  site: SiteWorld,
  wish: { from: number; to: number; text: string; start: number; limit: number },
): AuditRecord[] {
  const { from, to, text, start, limit } = wish;
  const holds = (each: AuditRecord) =>
    each.at >= from && each.at <= to && (text === "" || JSON.stringify(each).toLowerCase().includes(text));
  const late = site.auditChanges.filter(holds).reverse();
  const page = late.slice(start, start + limit);
  const last = seededAuditRecordsSince(site, from);
  if (text === "" && to >= site.startedAt) {
    // Nothing to leave out: jump to the page.
    for (let number = Math.max(start - late.length, 0); number < last && page.length < limit; number++)
      page.push(seededAuditRecord(site, number));
    return page;
  }
  let skip = Math.max(start - late.length, 0);
  for (let number = 0; number < last && page.length < limit; number++) {
    const found = seededAuditRecord(site, number);
    if (!holds(found)) continue;
    if (skip > 0) skip -= 1;
    else page.push(found);
  }
  return page;
}

function instant(text: string | null, fallback: number): number {
  if (text === null || text === "") return fallback;
  if (!/^\d{1,15}$/.test(text)) throw new Refused(v1Error(400, `Not an instant: ${text}`));
  return Number(text);
}

/** Field by field as recorded (FACTS §3, measured). */
function auditObject(site: SiteWorld, entry: AuditRecord): Record<string, unknown> {
  const author = entry.author === null ? undefined : site.people[entry.author];
  return {
    author: {
      type: "user",
      displayName: author?.displayName ?? "System",
      operations: null,
      isExternalCollaborator: false,
      username: author?.id.replaceAll(/[^0-9a-z]/g, "") ?? "",
      userKey: author?.id.replaceAll(/[^0-9a-z]/g, "") ?? "",
      ...(author ? { accountId: author.id } : {}),
      accountType: "",
      publicName: author ? author.publicName : "Unknown user",
      externalCollaborator: false,
    },
    remoteAddress: author ? remoteAddress(site, entry.at) : "",
    creationDate: entry.at,
    summary: entry.summary,
    description: "",
    category: entry.category,
    sysAdmin: false,
    superAdmin: false,
    affectedObject: entry.affected,
    changedValues: entry.changedValues.map((each) => ({ ...each, hiddenOldValue: "", hiddenNewValue: "" })),
    associatedObjects: entry.associated,
  };
}

function getRetention(call: SiteCall): Reply {
  if (call.site.edition === "free") return v1Error(403, "The audit log is not available on this edition.");
  return json({ number: 1, units: "YEARS" }, { objects: 1 });
}

function getSystemInfo({ sim, site }: SiteCall): Reply {
  const answer = {
    cloudId: site.cloudId,
    commitHash: commitHash(sim.world),
    baseUrl: `${siteUrl(sim, site)}/wiki`,
    fallbackBaseUrl: `${siteUrl(sim, site)}/wiki`,
    edition: site.edition,
    siteTitle: site.title,
    defaultLocale: "en_US",
    defaultTimeZone: "Etc/UTC",
    microsPerimeter: "commercial",
  };
  return json(answer, { objects: 1 });
}

const REFUSALS: Record<PermissionRefusal, Reply> = {
  "roles-only": v1Error(
    400,
    "com.atlassian.confluence.rbac.InvalidRbacOperationException: Space permission updates that are not from RBAC are not supported in roles-only mode",
  ),
  "unknown-subject": v1Error(400, "The subject does not exist"),
  "read-first": v1Error(400, "The read space permission must be granted first"),
  duplicate: v1Error(400, "The permission is already granted"),
  "last-admin": v1Error(400, "The last administrator of a space cannot be removed"),
  "no-such-permission": v1Error(404, "No permission found with the id."),
};

/** One permission a call; `read/space` must be there before the others (Atlassian, "Add new permission to space"). */
function postPermission(call: SiteCall): Reply {
  const { sim, site, request, params } = call;
  const space = spaceByKey(site, params["spaceKey"] ?? "");
  const body = bodyObject(request);
  const subject = fields(body?.["subject"]);
  const operation = fields(body?.["operation"]);
  const isKnown = CLASSIC_OPERATIONS.some(
    ([key, target]) => key === operation["key"] && target === operation["target"],
  );
  const subjectType = subject["type"];
  if ((subjectType !== "user" && subjectType !== "group") || !subject["identifier"] || !isKnown) {
    return v1Error(400, "The subject or the operation is not valid");
  }
  const wish: PermissionWish = {
    subjectType,
    identifier: subject["identifier"],
    key: operation["key"] ?? "",
    target: operation["target"] ?? "",
  };
  const made = grantPermission(site, space, wish, { at: worldTime(sim), author: call.caller.account.index });
  if (!made.ok) return REFUSALS[made.error];
  const self = `${siteUrl(sim, site)}/wiki/rest/api/space/${encodeURIComponent(space.key)}/permission`;
  return json({
    id: made.value.id,
    subject: { type: subjectType, identifier: subject["identifier"] },
    operation: { key: wish.key, target: wish.target },
    _links: { self },
  });
}

function deletePermission(call: SiteCall): Reply {
  const { sim, site, params } = call;
  const space = spaceByKey(site, params["spaceKey"] ?? "");
  const done = revokePermission(site, space, Number(params["id"]), {
    at: worldTime(sim),
    author: call.caller.account.index,
  });
  return done.ok ? status(204) : REFUSALS[done.error];
}

function spaceByKey(site: SiteWorld, key: string): Space {
  const found = site.spaces.find((each) => each.key === key);
  if (!found) throw new Refused(v1Error(404, `No space with key : ${key}`));
  return found;
}

function fields(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (typeof each === "string" ? [[name, each]] : [])),
  );
}
