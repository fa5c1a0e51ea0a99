import type { SimulatorOptions } from "./server.ts";

/**
 * What other connectors get wrong and what the APIs hide, numbered so that tests can name it. `set` says how the
 * simulator shows it: always there, by options, by a fault rule, or by a change.
 */
export interface Trap {
  id: `T${number}`;
  sentence: string;
  concerns: "cloud" | "data-center";
  set: TrapSetting;
}

export type TrapSetting =
  | { by: "always"; where: string }
  | { by: "options"; options: Pick<SimulatorOptions, "accounts" | "scale"> }
  | { by: "fault"; rule: { kind: string } & Record<string, unknown> }
  | { by: "change"; change: { kind: string } & Record<string, unknown> };

const always = (where: string): TrapSetting => ({ by: "always", where });
const fault = (rule: { kind: string } & Record<string, unknown>): TrapSetting => ({ by: "fault", rule });
const change = (kind: string, rest: Record<string, unknown> = {}): TrapSetting => ({
  by: "change",
  change: { kind, ...rest },
});
const cloud = (number: number, sentence: string, set: TrapSetting): Trap => ({
  id: `T${number}`,
  sentence,
  concerns: "cloud",
  set,
});
const dataCenter = (number: number, sentence: string, set: TrapSetting): Trap => ({
  id: `T${number}`,
  sentence,
  concerns: "data-center",
  set,
});

export const TRAPS: readonly Trap[] = [
  cloud(1, "v2 passes over `start` and pages by cursor only.", always("GET /wiki/api/v2/spaces")),
  cloud(
    2,
    "A cursor that is not known any more answers 400 INVALID_REQUEST_PARAMETER.",
    fault({ kind: "bad-cursor", path: "/wiki/api/v2/", query: { cursor: ".+" } }),
  ),
  cloud(3, "GET /wiki/rest/api/space answers 410 on Cloud.", always("GET /wiki/rest/api/space")),
  cloud(4, "JSON-RPC answers 404 on Cloud.", always("POST /wiki/rpc/json-rpc/confluenceservice-v2/…")),
  cloud(5, "membersByGroupId answers 400 to a limit above 200.", always("GET …/membersByGroupId?limit=201")),
  cloud(
    6,
    "A group that does not exist has an empty page with 200, so a deleted group looks like an emptied one.",
    change("remove-group", { group: "R&D: Platform/Data" }),
  ),
  cloud(7, "`totalSize` of a user search is the size of the page.", always("GET /wiki/rest/api/search/user")),
  cloud(
    8,
    "A `next` link can come with no rows.",
    fault({ kind: "empty-page-with-next", path: "/wiki/rest/api/group$", query: { start: "0?" } }),
  ),
  dataCenter(
    9,
    "Data Center caps a page, but its `next` link counts the requested size.",
    fault({ kind: "page-cap", site: "wiki", amount: 20 }),
  ),
  cloud(
    10,
    "401 for a bad token is plain text, not JSON.",
    always("any request with a wrong API token; or the fault bad-token"),
  ),
  cloud(
    11,
    "A missing scope is a 401 that a refresh cannot mend.",
    fault({ kind: "scope-missing", path: "/wiki/rest/api/audit" }),
  ),
  dataCenter(
    12,
    "Data Center answers 401 in HTML with X-Seraph-LoginReason.",
    always("any request with a wrong token or password"),
  ),
  cloud(
    13,
    "A wrong path or session redirects to the log-in page.",
    fault({ kind: "login-redirect", path: "/wiki/rest/api/group$" }),
  ),
  dataCenter(
    14,
    "Data Center may limit the rate with 403.",
    fault({ kind: "rate-limited", site: "wiki", status: 403 }),
  ),
  cloud(
    15,
    "A missing right is answered with 500 instead of 403.",
    fault({ kind: "forbidden-as-500", path: "/wiki/rest/api/audit" }),
  ),
  dataCenter(
    16,
    "Space permissions by REST are missing before Data Center 9.1 and answer 500 to whoever is no admin.",
    always("GET /rest/api/permissions on legacy, and as dc-user on wiki"),
  ),
  cloud(17, "200 with an HTML page instead of JSON.", fault({ kind: "html", path: "/wiki/api/v2/spaces$" })),
  dataCenter(
    18,
    "JSON-RPC answers with a bare list or an envelope, depending on how it is called.",
    fault({ kind: "rpc-envelope", site: "legacy" }),
  ),
  dataCenter(19, "Anonymous permissions come in two shapes.", fault({ kind: "anonymous-as-null" })),
  cloud(20, "`email` may be empty or missing.", fault({ kind: "missing-email", path: "/wiki/api/v2/users-bulk" })),
  cloud(21, "Display names of leavers may end in `(Deactivated)`.", always("every second leaver")),
  cloud(
    22,
    "lastActiveTimestamp has zero to nine fractional digits.",
    always("POST …/users/search with productAccess"),
  ),
  cloud(
    23,
    "The audit log's `size` can be larger than its rows, and it has no `next`.",
    fault({ kind: "size-lies", path: "/wiki/rest/api/audit$" }),
  ),
  dataCenter(
    24,
    "The auditing API of Data Center pages by `pagingInfo.nextPageLink` with a cursor of milliseconds and id.",
    always("GET /rest/auditing/1.0/events"),
  ),
  cloud(
    25,
    "Accessible resources can list several sites with different scopes; the first is not the one.",
    always("a grant for both sites"),
  ),
  cloud(
    26,
    "The role mode says ROLES while the roles answer 404.",
    fault({ kind: "roles-404", path: "/wiki/api/v2/space-roles", site: "acme-labs" }),
  ),
  cloud(27, "Group names contain `/`, `&` and `:`.", always("two groups of five")),
  cloud(
    28,
    "Offset listings drift: a row removed in mid-listing shifts one past the reader, and the end mark is still right.",
    fault({ kind: "change-after", path: "/membersByGroupId$", query: { start: "0?" }, changes: [] }),
  ),
  cloud(
    29,
    "A weaker credential gets 200 with fewer spaces.",
    fault({ kind: "weaker-credential", path: "/wiki/api/v2/spaces" }),
  ),
  cloud(30, "A user search ends at 10,000 rows; at exactly 10,000 nobody can tell complete from cut.", {
    by: "options",
    options: { scale: "large", accounts: 10_000 },
  }),
  dataCenter(
    31,
    "`Retry-After: 9223372036854775807` is a block, not a wait.",
    fault({ kind: "rate-limited", site: "wiki", headers: { "retry-after": "9223372036854775807" } }),
  ),
  cloud(
    32,
    "Points of 3LO: every row of a read costs, identities two, and all sites share 65,000 an hour.",
    always("every OAuth request"),
  ),
  cloud(
    33,
    "Access classes and operation keys outside the documented list stand in space permissions.",
    always("GET /wiki/api/v2/spaces/{id}/permissions"),
  ),
  cloud(
    34,
    "Retry-After comes in seconds or as a date, also on 503.",
    fault({ kind: "status", status: 429, headers: { "retry-after": "1" } }),
  ),
  cloud(
    35,
    "A user search leaves guests out unless asked for all, and shows robots.",
    always("GET /wiki/rest/api/search/user"),
  ),
  cloud(
    36,
    "Robots, suspended accounts and leavers stay in product-access groups and hold no seat.",
    always("the group of everybody"),
  ),
  cloud(
    37,
    "The audit log names people by display name only; a deactivation names nobody; System is the author.",
    always("GET /wiki/rest/api/audit"),
  ),
  cloud(38, "Free edition: no audit log.", change("set-edition", { edition: "free" })),
  cloud(
    39,
    "`next` is relative: v1 without `/wiki`, v2 with it, and a gateway prefix gets lost by resolving it.",
    always("every listing"),
  ),
  cloud(40, "A `next` link leads to another host.", fault({ kind: "foreign-next", path: "/wiki/api/v2/spaces$" })),
  cloud(41, "A listing whose `next` never ends.", fault({ kind: "endless-cursor", path: "/wiki/api/v2/spaces$" })),
  cloud(
    42,
    "JSON cut off in the middle.",
    fault({ kind: "truncate-json", path: "/wiki/rest/api/search/user", nth: 2 }),
  ),
  cloud(
    43,
    "The connection drops before anything was done.",
    fault({ kind: "drop-before", path: "/wiki/rest/api/group" }),
  ),
  cloud(
    44,
    "The connection drops after the change was made.",
    fault({ kind: "drop-after", path: "/wiki/rest/api/group/userByGroupId" }),
  ),
  cloud(45, "An access token ends in mid-run.", fault({ kind: "expire-token", path: "/wiki/", nth: 3 })),
  cloud(
    46,
    "A refresh token is exchanged once and then works for ten more minutes only.",
    always("POST /auth/oauth/token"),
  ),
  cloud(
    47,
    "The organization's API answers 404 for a scope that the key lacks, and lists no organization to a key with scopes.",
    always("the organization keys with scopes"),
  ),
  cloud(48, "An allow-list of addresses answers 403 to everything.", fault({ kind: "ip-allowlist" })),
  cloud(
    49,
    "Classic permissions cannot be written on a roles-only site.",
    always("POST /wiki/rest/api/space/{spaceKey}/permission on acme-labs"),
  ),
  cloud(
    50,
    "Removing read/space removes every right of that principal.",
    always("DELETE /wiki/rest/api/space/{spaceKey}/permission/{id}"),
  ),
  cloud(
    51,
    "An empty page without an end of the world: 200, no rows, no `next`.",
    fault({ kind: "empty-page", path: "/wiki/rest/api/group$" }),
  ),
  cloud(
    52,
    "Suspension shows only in the organization's directory and in empty `operations`; Confluence says active.",
    always("accounts that are suspended"),
  ),
  dataCenter(
    53,
    "Under secure administrator sessions an administrative request answers 200 with an HTML page.",
    fault({ kind: "websudo", path: "/rpc/json-rpc/" }),
  ),
  dataCenter(
    54,
    "A group with a slash in its name cannot be addressed: the servlet container refuses `%2F`; only the groups of a user show it.",
    always("GET /rest/api/group/partners%2FEMEA/member"),
  ),
  dataCenter(
    55,
    "Whether the members of a group include those of the groups in it is documented nowhere.",
    change("set-data-center", { site: "wiki", settings: { nestedMembers: true } }),
  ),
  dataCenter(56, "Reading the audit log leaves a record in it.", always("GET /rest/auditing/1.0/events")),
  dataCenter(57, "Another version of an API leads to the log-in page.", always("GET /rest/api/2.0/user/current")),
  dataCenter(
    58,
    "Groups hold groups, in a diamond and in a circle; a seat may come only from a group within a group.",
    always("licensed-partners, R&D: Plattform/Daten, Projekt Übergang"),
  ),
  dataCenter(59, "Product access may be given to a user directly.", always("GET /rest/api/permissions")),
  dataCenter(
    60,
    "A group of a read-only directory refuses every write, and no answer says which directory it is in.",
    always("PUT /rest/api/user/{username}/group/ldap-staff"),
  ),
  dataCenter(
    61,
    "An administrator outside confluence-administrators sees only the spaces that are open to them, with 200.",
    always("GET /rest/api/space as dc-confluence-admin"),
  ),
  dataCenter(
    62,
    "The list of licensed users comes from an index that may lag behind.",
    fault({ kind: "stale-index", path: "/rest/api/admin/users/list/active$" }),
  ),
  dataCenter(
    63,
    "REST shows no e-mail, and the same person may be written differently than on Cloud.",
    always("GET /rest/api/user/list"),
  ),
  dataCenter(
    64,
    "A link is relative to `_links.base`, context path and all; the documents' examples are absolute.",
    change("set-data-center", { site: "wiki", settings: { absoluteLinks: true } }),
  ),
  dataCenter(
    65,
    "In read-only mode every write answers 405.",
    change("set-data-center", { site: "wiki", settings: { accessMode: "READ_ONLY" } }),
  ),
  dataCenter(
    66,
    "A refusal of JSON-RPC is 200 with an `error` in the body.",
    always("POST /rpc/json-rpc/confluenceservice-v2/… as dc-user on legacy"),
  ),
  cloud(
    67,
    "A write is seen by reads only after up to 30 seconds.",
    fault({ kind: "late-effect", path: "/wiki/rest/api/group/userByGroupId" }),
  ),
  cloud(
    68,
    "500 after the change was made.",
    fault({ kind: "status-after", status: 500, path: "/wiki/rest/api/group/userByGroupId" }),
  ),
  cloud(
    69,
    "A change is made and no answer comes, until the client gives up.",
    fault({ kind: "hang-after", path: "/wiki/rest/api/group/userByGroupId" }),
  ),
  cloud(
    70,
    "A license without room refuses a seat: 400 by Confluence's API, which documents no 409; 409 by the organization's.",
    change("set-seats-max", { seats: 0 }),
  ),
];

export function trap(id: Trap["id"]): Trap {
  const found = TRAPS.find((each) => each.id === id);
  if (!found) throw new Error(`There is no trap ${id}.`);
  return found;
}
