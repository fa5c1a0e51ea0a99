import type { RowOf } from "../../api/call.ts";
import type { BadgeKind } from "../../parts/badge.tsx";
import { defineTexts, type Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";

const texts = defineTexts("connection-timeline", {
  queued: "Queued",
  running: "Running",
  succeeded: "Succeeded",
  partial: "Partial",
  failed: "Failed",
  canceled: "Canceled",
  held: "Held",
  created: "Draft made",
  changed: "Changed",
  checked: "Checked",
  published: "Published",
  paused: "Paused",
  resumed: "Resumed",
  archived: "Archived",
  siteAdded: "Site added",
  siteRemoved: "Site removed",
  siteWanted: "Site asked for",
  mode: "Mode of a site changed",
  credentialAdded: "Credential added",
  credentialRotated: "Credential rotated",
  credentialRemoved: "Credential removed",
  authorized: "Consent given",
  groupConfirmed: "Group confirmed",
  groupAdded: "Group added",
  groupDropped: "Group left out",
  siteUnwanted: "Site no longer asked for",
  revisionSaved: "Change saved, not published",
  revisionChecked: "Unpublished changes checked",
  revisionApplied: "Changes published",
  revisionDiscarded: "Unpublished changes discarded",
  proofEnded: "Write access tried",
  linkCreated: "Link for an admin made",
  linkUsed: "Link for an admin used",
  linkRevoked: "Link for an admin revoked",
  credentialLost: "Credential no longer accepted",
  credentialsForgotten: "Secrets forgotten",
  jobChanged: "Schedule changed",
  jobStarted: "Job run by hand",
  served: "Who reads a capability chosen",
  executor: "How seats are taken chosen",
  matched: "Accounts tied to people",
  other: "{entry}",
});

type RunState = NonNullable<RowOf<"connections.timeline">["state"]>;

export const RUN_STATES: Readonly<Record<RunState, { label: Text; kind: BadgeKind }>> = {
  queued: { label: texts.queued, kind: "neutral" },
  running: { label: texts.running, kind: "info" },
  succeeded: { label: texts.succeeded, kind: "ok" },
  partial: { label: texts.partial, kind: "warn" },
  failed: { label: texts.failed, kind: "danger" },
  canceled: { label: texts.canceled, kind: "neutral" },
  held: { label: texts.held, kind: "warn" },
};

const ENTRIES: Readonly<Record<string, Text>> = {
  "connection.created": texts.created,
  "connection.changed": texts.changed,
  "connection.checked": texts.checked,
  "connection.published": texts.published,
  "connection.paused": texts.paused,
  "connection.resumed": texts.resumed,
  "connection.archived": texts.archived,
  "connection.site-added": texts.siteAdded,
  "connection.site-removed": texts.siteRemoved,
  "connection.site-wanted": texts.siteWanted,
  "connection.site-unwanted": texts.siteUnwanted,
  "connection.revision-saved": texts.revisionSaved,
  "connection.revision-checked": texts.revisionChecked,
  "connection.revision-applied": texts.revisionApplied,
  "connection.revision-discarded": texts.revisionDiscarded,
  "connection.write-proof-ended": texts.proofEnded,
  "consent-link.created": texts.linkCreated,
  "consent-link.used": texts.linkUsed,
  "consent-link.revoked": texts.linkRevoked,
  "credential.lost": texts.credentialLost,
  "credentials.forgotten": texts.credentialsForgotten,
  "job.changed": texts.jobChanged,
  "job.started": texts.jobStarted,
  "site.mode-set": texts.mode,
  "site.capability-served": texts.served,
  "site.executor-chosen": texts.executor,
  "accounts.matched": texts.matched,
  "credential.added": texts.credentialAdded,
  "credential.rotated": texts.credentialRotated,
  "credential.removed": texts.credentialRemoved,
  "credential.authorized": texts.authorized,
  "product-access.confirmed": texts.groupConfirmed,
  "product-access.added": texts.groupAdded,
  "product-access.dropped": texts.groupDropped,
};

/** What an entry of the journal is called here; a rare one by its own name, with spaces. */
export function changeWords(entry: string): string {
  const known = ENTRIES[entry];
  return known ? t(known) : t(texts.other, { entry: entry.replaceAll(/[.-]/g, " ") });
}
