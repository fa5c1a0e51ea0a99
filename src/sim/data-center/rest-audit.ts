import { countParameter, json, listParameter, Refused, type Reply } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { AUDIT_ACTIONS, auditRecord, type DataCenterAuditRecord, firstAuditIdSince, lastAuditId } from "./audit.ts";
import { baseUrl, type DataCenterCall, type DataCenterEndpoint, hasFault } from "./call.ts";
import { restError } from "./http.ts";

export const auditEndpoints: readonly DataCenterEndpoint[] = [
  { method: "GET", template: "/rest/auditing/1.0/events", needs: "administrator", handle: listEvents },
];

const USUAL_LIMIT = 200;
const LIMIT_MAX = 10_000;

interface Range {
  /** The newest that is shown. */
  last: number;
  /** The oldest. */
  first: number;
  offset: number;
  limit: number;
}

/** Newest first. Reading leaves a record itself, which the next reading shows (FACTS §10). */
function listEvents(call: DataCenterCall): Reply {
  const { dc, sim, caller } = call;
  const range = rangeOf(call);
  const shown: number[] = [];
  let passed = 0;
  let id = range.last;
  for (; id >= range.first && shown.length < range.limit; id--) {
    const record = auditRecord(dc, id);
    if (!record || !isWanted(call, record)) continue;
    if (passed++ >= range.offset) shown.push(id);
  }
  const reply = json({
    entities: shown.map((each) => entityJson(call, each)),
    pagingInfo: pagingInfo(call, shown, id < range.first),
  });
  // Changes nothing that anybody computes from, so it is no `note`.
  dc.auditChanges.push({
    at: worldTime(sim),
    author: caller.user.index,
    action: "auditSearched",
    affected: [],
    changed: [],
  });
  return reply;
}

function rangeOf(call: DataCenterCall): Range {
  const { dc, request } = call;
  const { query } = request;
  const invalid = (text: string) => restError(400, `'${text}' is not a number from 0`);
  const cursor = /^(\d+),(\d+)$/.exec(query.get("pageCursor") ?? "");
  if (query.has("pageCursor") && !cursor) throw new Refused(restError(400, "The page cursor is not valid"));
  const to = query.get("to");
  const last = to === null ? lastAuditId(dc) : firstAuditIdSince(dc, instant(to) + 1) - 1;
  const from = query.get("from");
  return {
    last: cursor ? Math.min(Number(cursor[2]) - 1, last) : last,
    first: from === null ? 1 : firstAuditIdSince(dc, instant(from)),
    offset: cursor ? 0 : countParameter(query, "offset", 0, invalid),
    limit: Math.min(
      countParameter(query, "limit", USUAL_LIMIT, invalid),
      hasFault(call, "page-cap")?.amount ?? LIMIT_MAX,
    ),
  };
}

function isWanted({ request: { query } }: DataCenterCall, record: DataCenterAuditRecord): boolean {
  const [, category, , action] = AUDIT_ACTIONS[record.action];
  const categories = listParameter(query, "categories");
  const actions = listParameter(query, "actions");
  const search = query.get("search")?.toLowerCase();
  return (
    (categories.length === 0 || categories.includes(category)) &&
    (actions.length === 0 || actions.includes(action)) &&
    (!search || [action, ...record.affected.map((each) => each.name)].join(" ").toLowerCase().includes(search))
  );
}

/** The cursor names the last row shown, by its milliseconds and its id; the next page begins after it. */
function pagingInfo(call: DataCenterCall, shown: readonly number[], isLast: boolean) {
  const oldest = shown.at(-1);
  if (isLast || oldest === undefined) return { lastPage: true, size: shown.length };
  const { dc, sim, request } = call;
  const nextPageCursor = `${auditRecord(dc, oldest)?.at ?? 0},${oldest}`;
  const query = new URLSearchParams(request.query);
  query.delete("offset");
  query.set("pageCursor", nextPageCursor);
  const nextPageLink = `${baseUrl(sim, dc)}${request.path}?${query.toString()}`;
  return { lastPage: false, nextPageCursor, nextPageLink, size: shown.length };
}

function entityJson(call: DataCenterCall, id: number) {
  const { dc, sim } = call;
  const record = auditRecord(dc, id);
  if (!record) throw new Error(`There is no audit record ${id}.`);
  const base = baseUrl(sim, dc);
  const [categoryI18nKey, category, actionI18nKey, action] = AUDIT_ACTIONS[record.action];
  const isSearch = record.action === "auditSearched";
  return {
    timestamp: new Date(record.at).toISOString(),
    author: authorJson(call, record.author, base),
    type: { categoryI18nKey, category, actionI18nKey, action },
    affectedObjects: record.affected.map((each) => ({ ...each, uri: uriOf(call, each, base) })),
    changedValues: record.changed.map(({ key, ...values }) => ({ key, i18nKey: key, ...values })),
    source: record.author === null ? "" : `203.0.113.${record.author % 250}`,
    system: base,
    method: isSearch ? "REST" : record.author === null ? "System" : "Browser",
    extraAttributes: isSearch
      ? [{ name: "Query", nameI18nKey: "atlassian.audit.event.attribute.query", value: "" }]
      : [],
  };
}

/** The system has a name, no key. */
function authorJson({ dc }: DataCenterCall, author: number | null, base: string) {
  const user = author === null ? undefined : dc.users[author];
  if (!user) return { name: "System", type: "system", id: "-2", uri: "", avatarUri: "" };
  return {
    name: user.displayName,
    type: "user",
    id: user.userKey,
    uri: `${base}/admin/users/viewuser.action?username=${encodeURIComponent(user.username)}`,
    avatarUri: `${base}/images/icons/profilepics/default.svg`,
  };
}

function uriOf(
  { dc }: DataCenterCall,
  { type, name, id }: DataCenterAuditRecord["affected"][number],
  base: string,
): string {
  if (type === "Group")
    return `${base}/admin/users/domembersofgroupsearch.action?membersOfGroupTerm=${encodeURIComponent(name)}`;
  if (type === "User") {
    const user = dc.usersByKey.get(id ?? "");
    return user ? `${base}/admin/users/viewuser.action?username=${encodeURIComponent(user.username)}` : "";
  }
  const space = dc.spaces.find((each) => String(each.id) === id);
  return space ? `${base}/display/${encodeURIComponent(space.key)}` : "";
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Refused(restError(400, `'${text}' is not an instant`));
  return at;
}
