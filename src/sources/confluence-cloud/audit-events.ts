import { createHash } from "node:crypto";
import type { AuditChange, AuditObject } from "../../model/facts.ts";
import type { Cursor, ObservedAuditEvent, Page } from "../source.ts";
import { SourceFailure } from "../source.ts";
import { type AuditRecord, auditUntil, type NamedObject, readAuditPage } from "./audit.ts";
import type { SiteClient } from "./client.ts";

/**
 * The audit log since an instant. Only an empty page is its end (TRAPS §3), and the cursor keeps up to where it was asked
 * for when the reading began, so that it has an end.
 */
export async function readAuditEvents(
  client: SiteClient,
  since: Date,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedAuditEvent>> {
  const { untilAt, start } = cursor === null ? { untilAt: auditUntil(client), start: 0 } : parseCursor(cursor);
  const records = await readAuditPage(client, { since, untilAt, start }, signal);
  return {
    rows: records.map(eventOf),
    next: records.length === 0 ? null : `${untilAt.getTime()}:${start + records.length}`,
  };
}

function parseCursor(cursor: string): { untilAt: Date; start: number } {
  const found = /^(\d{1,15}):(\d{1,9})$/.exec(cursor);
  if (!found) {
    throw new SourceFailure(`Not a cursor of the audit log: ${cursor}`, {
      code: "source.cursor-expired",
      publicMessage: "The place in the audit log is not known any more.",
      fix: "Nothing to do: it is read again from its beginning.",
      capability: "activity",
    });
  }
  return { untilAt: new Date(Number(found[1])), start: Number(found[2]) };
}

function eventOf(record: AuditRecord): ObservedAuditEvent {
  const named = [record.affectedObject, formerName(record), ...(record.associatedObjects ?? [])];
  const objects = named.flatMap((each) => (each?.name ? [objectOf(each)] : []));
  return {
    eventId: idOf(record),
    occurredAt: new Date(record.creationDate),
    authorSourceId: record.author?.accountId || null,
    change: changeOf(record),
    summary: record.summary,
    objects,
  };
}

/** What is renamed is named as it is called now; whoever knows it by its old name finds it by that. */
function formerName({ affectedObject, changedValues }: AuditRecord): NamedObject | null {
  const old = changedValues?.find(({ name }) => name.toLowerCase() === "name")?.oldValue;
  if (!affectedObject || !old) return null;
  const { sourceId } = objectOf(affectedObject);
  return { name: sourceId === null ? old : `${old}:${sourceId}`, objectType: affectedObject.objectType };
}

/** Cloud gives a record no id: its instant and what it says make one (FACTS §3). */
function idOf({
  creationDate,
  author,
  summary,
  affectedObject,
  changedValues,
  associatedObjects,
}: AuditRecord): string {
  const said = [author?.accountId ?? "", summary, affectedObject ?? null, changedValues ?? [], associatedObjects ?? []];
  return `${creationDate}.${createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16)}`;
}

const OBJECT_TYPES: Record<string, AuditObject["type"]> = { user: "account", group: "group", space: "space" };

/** Groups are `name:id` (FACTS §3); a name may hold colons itself. Everything else has only a name. */
function objectOf({ name, objectType }: NamedObject): AuditObject {
  const type = OBJECT_TYPES[objectType.toLowerCase()] ?? "other";
  const group = type === "group" ? /^(.*):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/is.exec(name) : null;
  return group ? { type, sourceId: group[2] ?? null, name: group[1] ?? name } : { type, sourceId: null, name };
}

/** Summaries as seen and as documented (FACTS §3); what is not in the list changes nothing that a run reads. */
const CHANGES: readonly (readonly [RegExp, AuditChange])[] = [
  [/^user added to group/i, "member-added"],
  [/^user removed from group/i, "member-removed"],
  [/^user (created|invited)/i, "account-added"],
  [/^user (deleted|removed)/i, "account-removed"],
  [/^user\b/i, "account-changed"],
  [/^group (created|added)/i, "group-added"],
  [/^group (deleted|removed)/i, "group-removed"],
  [/^group\b/i, "group-changed"],
  [/^global permission/i, "product-access"],
  [/^space (permission|role|access)/i, "space-rights"],
  [/^space (created|imported)/i, "space-added"],
  [/^space (deleted|removed|purged)/i, "space-removed"],
  [/^space\b/i, "space-changed"],
];

function changeOf({ summary }: AuditRecord): AuditChange {
  return CHANGES.find(([pattern]) => pattern.test(summary.trim()))?.[1] ?? "other";
}
