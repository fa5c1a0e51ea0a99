import type { EvidenceKind, EvidenceSource, SeatStatus } from "../model/facts.ts";
import {
  coverageOf,
  idleThreshold,
  latestUse,
  type Coverage,
  type EvidenceOfKind,
  type IdlePolicy,
} from "./evidence.ts";

/** One fact that a status rests on; a page makes its sentence, a text its own. */
export type StatusReason =
  /** The latest use, of whatever kind. */
  | { code: "last-used"; kind: EvidenceKind; source: EvidenceSource; at: Date }
  /** A kind that sees readers was silent from here to there. `since` null: since the account was made. */
  | { code: "silence-proven"; kind: EvidenceKind; source: EvidenceSource; since: Date | null; until: Date }
  | { code: "nothing-seen" }
  /** Nothing that sees readers is collected at all. */
  | { code: "reading-not-observed" }
  /** It is collected, but not for long enough, or not up to now. */
  | {
      code: "reading-not-covered";
      kind: EvidenceKind;
      source: EvidenceSource;
      since: Date | null;
      until: Date;
      why: Coverage;
    };

export interface SeatUse {
  status: SeatStatus;
  because: StatusReason[];
}

/**
 * Whether a seat is used. Any evidence within the time makes it active. Silence counts only where a kind that sees
 * readers covers the whole of that time: writing proves use, never silence (PRODUCT.md §5).
 */
export function statusOfSeat(evidence: readonly EvidenceOfKind[], asOf: Date, policy: IdlePolicy): SeatUse {
  const used = latestUse(evidence);
  const lastUsed: StatusReason[] = used
    ? [{ code: "last-used", kind: used.kind, source: used.source, at: used.lastAt }]
    : [{ code: "nothing-seen" }];
  if (used && used.lastAt >= idleThreshold(asOf, policy)) return { status: "active", because: lastUsed };

  const judged = evidence.map((each) => ({ ...each, coverage: coverageOf(each, asOf, policy) }));
  const proof = longest(judged.filter((each) => each.coverage === "covers"));
  if (proof) {
    const { kind, source, knownSince: since, knownUntil: until } = proof;
    const silence: StatusReason = { code: "silence-proven", kind, source, since, until };
    return { status: used ? "idle" : "never-used", because: [...lastUsed, silence] };
  }

  const partial = longest(judged.filter((each) => each.coverage !== "sees-only-writers"));
  if (!partial) return { status: "no-evidence", because: [...lastUsed, { code: "reading-not-observed" }] };
  const { kind, source, knownSince: since, knownUntil: until, coverage: why } = partial;
  const gap: StatusReason = { code: "reading-not-covered", kind, source, since, until, why };
  return { status: "no-evidence", because: [...lastUsed, gap] };
}

/** The one that reaches back furthest; null of none. */
function longest<Each extends EvidenceOfKind>(evidence: readonly Each[]): Each | null {
  return evidence.reduce<Each | null>((best, each) => (best && beginning(best) <= beginning(each) ? best : each), null);
}

function beginning(evidence: EvidenceOfKind): number {
  return evidence.knownSince?.getTime() ?? Number.NEGATIVE_INFINITY;
}

/** The reasons as one plain sentence, for exports and terminals; days in UTC. */
export function sayWhy(because: readonly StatusReason[]): string {
  const text = because.map(sayReason).join(", ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function sayReason(reason: StatusReason): string {
  switch (reason.code) {
    case "last-used":
      return `${KIND_WORDS[reason.kind].uses} last seen ${day(reason.at)} (${SOURCE_WORDS[reason.source]})`;
    case "silence-proven":
      return reason.since
        ? `${KIND_WORDS[reason.kind].noun} observed since ${day(reason.since)} (${SOURCE_WORDS[reason.source]})`
        : `${KIND_WORDS[reason.kind].noun} observed throughout (${SOURCE_WORDS[reason.source]})`;
    case "nothing-seen":
      return "no use seen";
    case "reading-not-observed":
      return "reading not observed";
    case "reading-not-covered":
      return reason.why === "begins-too-late" && reason.since
        ? `${KIND_WORDS[reason.kind].noun} observed only since ${day(reason.since)}`
        : `${KIND_WORDS[reason.kind].noun} observed only until ${day(reason.until)}`;
  }
}

const KIND_WORDS: Record<EvidenceKind, { uses: string; noun: string }> = {
  viewed: { uses: "views", noun: "reading" },
  contributed: { uses: "writes", noun: "writing" },
  administered: { uses: "administration", noun: "administration" },
  authenticated: { uses: "log-in", noun: "log-in" },
};

const SOURCE_WORDS: Record<EvidenceSource, string> = {
  organization: "organization directory",
  "content-search": "content search",
  "audit-log": "audit log",
  import: "import",
};

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
