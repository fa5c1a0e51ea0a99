import type { RowOf } from "../../../api/call.ts";
import type { BadgeKind } from "../../../parts/badge.tsx";
import { formatDay, NONE } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import { texts } from "./texts.ts";

export type Candidate = RowOf<"candidates.list">;
export type CandidateState = Candidate["state"];

/** What a state is called, in the words that everybody reads. */
export const STATE_WORDS: Readonly<Record<CandidateState, Text>> = {
  detected: texts.proposed,
  ready: texts.proposed,
  asking: texts.askedState,
  deciding: texts.toApprove,
  scheduled: texts.approved,
  executing: texts.removing,
  reclaimed: texts.removed,
  kept: texts.kept,
  canceled: texts.kept,
  excluded: texts.kept,
  superseded: texts.kept,
  gone: texts.kept,
  attention: texts.attention,
  restored: texts.restored,
};

/** Of states that share a word, which one is meant; for the filter and the history. */
export const EXACT_WORDS: Readonly<Record<CandidateState, Text>> = {
  ...STATE_WORDS,
  detected: texts.detectedChoice,
  ready: texts.readyChoice,
  kept: texts.keptChoice,
  canceled: texts.canceledChoice,
  excluded: texts.excludedChoice,
  superseded: texts.supersededChoice,
  gone: texts.goneChoice,
};

export const STATE_KINDS: Readonly<Record<CandidateState, BadgeKind>> = {
  detected: "neutral",
  ready: "neutral",
  asking: "info",
  deciding: "warn",
  scheduled: "info",
  executing: "info",
  reclaimed: "ok",
  kept: "neutral",
  canceled: "neutral",
  excluded: "neutral",
  superseded: "neutral",
  gone: "neutral",
  attention: "danger",
  restored: "warn",
};

const DAY_MS = 86_400_000;

/** Whole days since its last use that is known. */
export function idleDaysOf({ lastUsedAt }: Candidate, now: number): number | null {
  return lastUsedAt === null ? null : Math.max(0, Math.floor((now - Date.parse(lastUsedAt)) / DAY_MS));
}

export function sayReason({ because, proposedReason }: Candidate): string {
  return because.map(({ says }) => says).join("; ") || proposedReason || NONE;
}

/** The fact that shows that it is not used. */
export function sayProof({ lacksEvidence, lastUsedAt, because }: Candidate): string {
  if (lacksEvidence) return t(texts.noEvidence);
  if (lastUsedAt !== null) return t(texts.lastUse, { day: formatDay(lastUsedAt) });
  const since = because.map(({ saw }) => saw["viewed.knownSince"]).find((each) => typeof each === "string");
  return typeof since === "string" ? t(texts.noUseSince, { day: formatDay(since) }) : t(texts.noUse);
}

export function sayAnswer({ answer, leaveUntil }: Candidate): string {
  switch (answer) {
    case "keep":
      return t(texts.keep);
    case "give-back":
      return t(texts.giveBack);
    case "on-leave":
      return t(texts.onLeave, { day: leaveUntil === null ? NONE : formatDay(leaveUntil) });
    case "none":
      return t(texts.none);
    case null:
      return NONE;
  }
}

type Verb = "keep" | "take" | "ask" | "cancel" | "retry";

/** What somebody may decide of a candidate in this state; the server has the last word. */
export function verbsOf({ state }: Pick<Candidate, "state">): readonly Verb[] {
  switch (state) {
    case "detected":
    case "ready":
    case "asking":
    case "deciding":
      return ["take", "ask", "keep", "cancel"];
    case "scheduled":
      return ["keep", "ask", "cancel"];
    case "attention":
      return ["take", "retry", "keep", "cancel"];
    default:
      return [];
  }
}
