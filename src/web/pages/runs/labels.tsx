import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Hand,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  TriangleAlert,
} from "lucide-react";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import { useNow } from "../../parts/time.tsx";
import type { FilterChoice } from "../../parts/table/table-types.ts";
import type { Text } from "../../text/define.ts";
import { formatClock, formatDuration, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { labelTexts as texts } from "./label-texts.ts";

export type WorkState = RowOf<"job-results.list">["state"];
export type WorkTrigger = RowOf<"job-results.list">["trigger"];

const STATES: Readonly<Record<WorkState, { label: Text; icon: LucideIcon; kind: BadgeKind }>> = {
  queued: { label: texts.queued, icon: CircleDashed, kind: "neutral" },
  running: { label: texts.running, icon: LoaderCircle, kind: "info" },
  succeeded: { label: texts.succeeded, icon: CircleCheck, kind: "ok" },
  partial: { label: texts.partial, icon: TriangleAlert, kind: "warn" },
  failed: { label: texts.failed, icon: CircleX, kind: "danger" },
  canceled: { label: texts.canceled, icon: Ban, kind: "neutral" },
  held: { label: texts.held, icon: Hand, kind: "warn" },
  skipped: { label: texts.skipped, icon: SkipForward, kind: "neutral" },
};

/** How work stands, in the words of the design. What waits because it was asked to slow down shows a clock. */
export function WorkStateBadge({ state, waitsUntil }: { state: WorkState; waitsUntil?: string | null }): ReactNode {
  const { label, icon, kind } = STATES[state];
  if (state === "running" && waitsUntil) {
    return (
      <Badge kind="info" icon={Clock}>
        {t(texts.waiting, { until: formatClock(waitsUntil) })}
      </Badge>
    );
  }
  return (
    <Badge kind={kind} icon={icon}>
      {t(label)}
    </Badge>
  );
}

export function stateLabel(state: WorkState): string {
  return t(STATES[state].label);
}

const TRIGGERS: Readonly<Record<WorkTrigger, Text>> = {
  schedule: texts.bySchedule,
  person: texts.byPerson,
  publish: texts.byPublish,
  run: texts.byRun,
  work: texts.byWork,
};

export function triggerLabel(trigger: WorkTrigger): string {
  return t(TRIGGERS[trigger]);
}

const KINDS: Readonly<Record<string, Text>> = {
  "refresh-site": texts.refreshSite,
  "read-seats": texts.readSeats,
  "refresh-changes": texts.refreshChanges,
  "check-ins": texts.checkIns,
  "compute-position": texts.computePosition,
  "execute-actions": texts.executeActions,
  "find-candidates": texts.findCandidates,
  "plan-candidates": texts.planCandidates,
  housekeeping: texts.housekeeping,
  "refresh-licenses": texts.refreshLicenses,
  "send-digests": texts.sendDigests,
  "send-messages": texts.sendMessages,
  "settle-exclusions": texts.settleExclusions,
  "watch-connections": texts.watchConnections,
  "write-checkpoint": texts.writeCheckpoint,
};

/** A kind that this version has no word for is shown as it is. */
export function kindLabel(kind: string): string {
  const text = KINDS[kind];
  return text ? t(text) : kind;
}

export const STATE_CHOICES: () => FilterChoice[] = () =>
  Object.entries(STATES).map(([value, { label }]) => ({ value, label: t(label) }));
export const TRIGGER_CHOICES: () => FilterChoice[] = () =>
  Object.entries(TRIGGERS).map(([value, label]) => ({ value, label: t(label) }));
export const KIND_CHOICES: () => FilterChoice[] = () =>
  Object.entries(KINDS).map(([value, label]) => ({ value, label: t(label) }));

/** How long it took, or how long it has been at it. */
export function Took({ from, until }: { from: string | null; until: string | null }): ReactNode {
  const now = useNow(until === null);
  if (from === null) return NONE;
  const end = until === null ? now : new Date(until);
  return formatDuration(Math.max(0, end.getTime() - new Date(from).getTime()));
}
