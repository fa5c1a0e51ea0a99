import { createHash } from "node:crypto";
import { z } from "zod";
import { Instant } from "../atlassian/instant.ts";
import { queryOfNext, type RawPage, readTokenPage } from "../atlassian/paging.ts";
import {
  type AuditChange,
  type AuditObject,
  type Cursor,
  type ObservedAuditEvent,
  type Page,
  SourceFailure,
  type SourceFailureCode,
} from "../source.ts";
import type { OpenSite } from "./open-site.ts";

const EVENTS_PER_PAGE = 200;
const PATH = "/rest/auditing/1.0/events";

const Entity = z.object({
  timestamp: Instant,
  author: z.object({ id: z.coerce.string().nullish(), type: z.string().nullish() }).nullish(),
  type: z.object({ actionI18nKey: z.string().nullish(), action: z.string().nullish() }),
  affectedObjects: z
    .array(z.object({ name: z.string().nullish(), type: z.string().nullish(), id: z.coerce.string().nullish() }))
    .nullish(),
});
type Entity = z.infer<typeof Entity>;

const EventPage = z.object({
  entities: z.array(Entity),
  pagingInfo: z
    .object({
      lastPage: z.boolean().nullish(),
      nextPageCursor: z.string().nullish(),
      nextPageLink: z.string().nullish(),
    })
    .nullish(),
});

/**
 * What the audit log records, newest first, but for whoever reads it: every page that is read here leaves a record there
 * itself (TRAPS §3), and would make the account behind the credential a busy administrator. Which events it holds depends on its coverage level (FACTS §10). Pages go on
 * by a cursor of milliseconds and id (TRAPS §3), so that events made meanwhile move none of the older ones.
 */
export async function readAuditEvents(
  open: OpenSite,
  since: Date,
  cursor: Cursor,
  signal: AbortSignal,
  limit = EVENTS_PER_PAGE,
): Promise<Page<ObservedAuditEvent>> {
  const { client } = open;
  const listed = { endpoint: `GET ${PATH}`, what: "the audit log" };
  const page = await readTokenPage<Entity>(cursor, {
    ...listed,
    readPage: async (pageCursor): Promise<RawPage<Entity>> => {
      const query = { from: since.toISOString(), limit, ...(pageCursor === null ? {} : { pageCursor }) };
      const call = { template: PATH, path: PATH, query, schema: EventPage };
      const { entities, pagingInfo } = await client.read("audit", call, signal, pageCursor !== null);
      const next = pagingInfo?.nextPageCursor ?? pagingInfo?.nextPageLink ?? null;
      return { rows: entities, next: pagingInfo?.lastPage || entities.length === 0 ? null : next };
    },
    tokenOf: (next) => cursorOf(next, { ...listed, path: PATH, baseUrls: [client.site.baseUrl] }),
  });
  // `from` may be passed over by a version that knows it under another name: older events are nobody's business here.
  const rows = page.rows.filter((each) => each.timestamp >= since && !isOfReading(each)).map(eventOf);
  const isPast = page.rows.some(({ timestamp }) => timestamp < since);
  return { rows, next: isPast ? null : page.next };
}

function isOfReading({ type: { actionI18nKey, action } }: Entity): boolean {
  return /\baudit\.(search|export)$|^audit log (search|export)/i.test(actionI18nKey || action || "");
}

/** The cursor alone, or the link that holds it. */
function cursorOf(next: string, listed: Parameters<typeof queryOfNext>[1]): string {
  if (/^[\w,.:-]+$/.test(next) && !next.includes("/")) return next;
  return queryOfNext(next, listed).get("pageCursor") ?? next;
}

function eventOf(entity: Entity): ObservedAuditEvent {
  const { author, timestamp, type } = entity;
  const isPerson = author?.type?.toLowerCase() === "user" && !author.id?.startsWith("-");
  return {
    eventId: idOf(entity),
    occurredAt: timestamp,
    authorSourceId: isPerson ? author?.id || null : null,
    change: changeOf(type),
    summary: type.action ?? type.actionI18nKey ?? "",
    objects: (entity.affectedObjects ?? []).flatMap((each) => (each.name ? [objectOf(each.name, each)] : [])),
  };
}

/** An event has no id: its instant and what it says, apart from the server's language, make one. */
function idOf({ timestamp, author, type, affectedObjects }: Entity): string {
  const objects = (affectedObjects ?? []).map(({ type: kind, id, name }) => [kind ?? "", id ?? "", name ?? ""]);
  const said = JSON.stringify([author?.id ?? "", type.actionI18nKey ?? type.action ?? "", objects]);
  return `${timestamp.getTime()}.${createHash("sha256").update(said).digest("hex").slice(0, 16)}`;
}

/** Groups are known by their names, whatever id the log gives them. */
function objectOf(name: string, { type, id }: { type?: string | null; id?: string | null }): AuditObject {
  switch (type?.toLowerCase()) {
    case "user":
      return { type: "account", sourceId: id || null, name };
    case "group":
      return { type: "group", sourceId: name, name };
    case "space":
      return { type: "space", sourceId: id || null, name };
    default:
      return { type: "other", sourceId: null, name };
  }
}

/**
 * By the key that no language changes; records of older versions hold the English text in its place. The keys of users,
 * groups and permissions are those that Elastic's integration for Confluence reads; of spaces, by their ending.
 */
const CHANGES: readonly (readonly [RegExp, AuditChange])[] = [
  [/^group\.membership\.added|^user added to group/, "member-added"],
  [/^group\.membership\.removed|^user removed from group/, "member-removed"],
  [/^user\.(created|added)|^user (created|added)/, "account-added"],
  [/^user\.(deleted|removed)|^user (deleted|removed)/, "account-removed"],
  [
    /^user\.(renamed|updated|(de|re)?activated|disabled|enabled)|^user (renamed|details updated|(de|re)activated)/,
    "account-changed",
  ],
  [/^group\.(created|added)|^group (created|added)/, "group-added"],
  [/^group\.(deleted|removed)|^group (deleted|removed)/, "group-removed"],
  [/^group[. ]/, "group-changed"],
  [/^global[. ]permission/, "product-access"],
  [/^space[. ]permission/, "space-rights"],
  [/^space[. ](created|imported|copied|restored)/, "space-added"],
  [/^space[. ](deleted|removed|purged|trashed)/, "space-removed"],
  [/^space[. ]/, "space-changed"],
];

function changeOf({ actionI18nKey, action }: Entity["type"]): AuditChange {
  const said = (actionI18nKey || action || "")
    .trim()
    .toLowerCase()
    .replace(/^audit\.logging\.summary\./, "");
  return CHANGES.find(([pattern]) => pattern.test(said))?.[1] ?? "other";
}

/** Codes that say: there is no audit log to be had here, now or later. */
const NOTHING_KNOWN: readonly SourceFailureCode[] = [
  "source.missing-role",
  "source.missing-credential",
  "source.edition-lacks",
  "source.not-found",
];

export async function findDeletedSpaces(
  open: OpenSite,
  spaces: readonly { sourceId: string; key: string; name: string }[],
  since: Date,
  signal: AbortSignal,
): Promise<Set<string> | null> {
  try {
    const events = await open.client.readWhole((cursor) => readAuditEvents(open, since, cursor, signal));
    const removed = events
      .filter(({ change }) => change === "space-removed")
      .flatMap(({ objects }) => objects.filter(({ type }) => type === "space"));
    const isRemoved = ({ sourceId, key, name }: (typeof spaces)[number]) =>
      removed.some((each) => each.sourceId === sourceId || (each.sourceId === null && [key, name].includes(each.name)));
    return new Set(spaces.filter(isRemoved).map(({ sourceId }) => sourceId));
  } catch (thrown) {
    if (thrown instanceof SourceFailure && NOTHING_KNOWN.includes(thrown.code)) return null;
    throw thrown;
  }
}
