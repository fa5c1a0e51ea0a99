import { z } from "zod";
import { PAGES_MAX } from "../atlassian/paging.ts";
import { SourceFailure, type SourceFailureCode } from "../source.ts";
import type { SiteClient } from "./client.ts";
import { readSystemInfo } from "./system-info.ts";

const RECORDS_PER_PAGE = 1_000;

const NamedObject = z.object({ name: z.string(), objectType: z.string() });
export type NamedObject = z.infer<typeof NamedObject>;

const AuditPage = z.object({
  results: z.array(
    z.object({
      author: z.object({ accountId: z.string().nullish() }).nullish(),
      creationDate: z.number(),
      summary: z.string(),
      category: z.string().nullish(),
      affectedObject: NamedObject.nullish(),
      changedValues: z
        .array(z.object({ name: z.string(), oldValue: z.string().nullish(), newValue: z.string().nullish() }))
        .nullish(),
      associatedObjects: z.array(NamedObject).nullish(),
    }),
  ),
});
export type AuditRecord = z.infer<typeof AuditPage>["results"][number];

/** How far our clock may be behind Atlassian's; what was recorded just now would else be left out. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

/**
 * Up to where the log is asked for when a reading begins. Records made while it goes on come first, which repeats rows on
 * a later page and loses none.
 */
export function auditUntil(client: SiteClient): Date {
  return new Date(client.clock.now().getTime() + CLOCKS_DIFFER_MS);
}

/**
 * One page of the audit log, newest first. Cloud gives fewer rows than its own `size` says and no `next` link (TRAPS
 * §3), so only an empty page is the end.
 */
export async function readAuditPage(
  client: SiteClient,
  { since, untilAt, start, limit = RECORDS_PER_PAGE }: { since: Date; untilAt: Date; start: number; limit?: number },
  signal: AbortSignal,
): Promise<AuditRecord[]> {
  try {
    const { results } = await client.read(
      "audit",
      {
        template: "/wiki/rest/api/audit",
        path: "/wiki/rest/api/audit",
        query: { startDate: since.getTime(), endDate: untilAt.getTime(), start, limit },
        schema: AuditPage,
        pointsOf: (body) => body.results.length,
      },
      signal,
    );
    return results;
  } catch (thrown) {
    const mayBeEdition = thrown instanceof SourceFailure && thrown.code === "source.missing-role";
    throw mayBeEdition && (await isFree(client, signal)) ? withoutAudit(thrown) : thrown;
  }
}

/** Codes that say: there is no audit log to be had here, now or later. */
const NOTHING_KNOWN: readonly SourceFailureCode[] = [
  "source.missing-role",
  "source.missing-scope",
  "source.missing-credential",
  "source.edition-lacks",
  "source.not-found",
];

export async function findDeletedSpaces(
  client: SiteClient,
  spaces: readonly { sourceId: string; key: string; name: string }[],
  since: Date,
  signal: AbortSignal,
): Promise<Set<string> | null> {
  if (!client.credentialFor("audit")) return null;
  const deleted = new Set<string>();
  const untilAt = auditUntil(client);
  try {
    for (let start = 0, page = 1; page <= PAGES_MAX; page += 1) {
      const records = await readAuditPage(client, { since, untilAt, start }, signal);
      if (records.length === 0) return deleted;
      for (const record of records.filter(isSpaceDeletion)) {
        const names = namesIn(record);
        for (const { sourceId, key, name } of spaces) {
          if (names.some((each) => each === name || each === key || each.endsWith(`:${sourceId}`)))
            deleted.add(sourceId);
        }
      }
      start += records.length;
    }
  } catch (thrown) {
    if (thrown instanceof SourceFailure && NOTHING_KNOWN.includes(thrown.code)) return null;
    throw thrown;
  }
  throw new SourceFailure(`The audit log did not end within ${PAGES_MAX} pages.`, {
    code: "source.page-ceiling",
    publicMessage: "The audit log did not end, so nothing is concluded from it.",
    fix: "Run it again; if it stays, report it to Atlassian.",
    capability: "activity",
    endpoint: "GET /wiki/rest/api/audit",
  });
}

function isSpaceDeletion({ summary, affectedObject }: AuditRecord): boolean {
  return affectedObject?.objectType.toLowerCase() === "space" && /\b(delet|remov|purg)/i.test(summary);
}

function namesIn({ affectedObject, associatedObjects }: AuditRecord): string[] {
  const spaces = [affectedObject, ...(associatedObjects ?? [])].filter(
    (each) => each?.objectType.toLowerCase() === "space",
  );
  return spaces.flatMap((each) => (each ? [each.name] : []));
}

/** A Free site has no audit log (FACTS §3); how it says so is not known, so a refusal is checked against the edition. */
async function isFree(client: SiteClient, signal: AbortSignal): Promise<boolean> {
  const info = await readSystemInfo(client, signal);
  return info?.edition === "free";
}

function withoutAudit(cause: SourceFailure): SourceFailure {
  return new SourceFailure(cause.message, {
    code: "source.edition-lacks",
    publicMessage: "This site is on the Free edition, which has no audit log.",
    fix: "Nothing to do: activity is read from content. The audit log comes with the Standard edition.",
    capability: cause.capability,
    endpoint: cause.endpoint,
    status: cause.status,
    cause,
  });
}
