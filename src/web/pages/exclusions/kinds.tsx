import type { ReactNode } from "react";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import type { Effect, Exclusion, Kind } from "./conditions.ts";
import { texts } from "./texts.ts";

export const KIND_WORDS: Readonly<Record<Kind, Text>> = {
  person: texts.person,
  group: texts.group,
  pattern: texts.pattern,
  type: texts.type,
  identifier: texts.identifier,
  several: texts.several,
  own: texts.own,
};

export const EFFECT_WORDS: Readonly<Record<Effect, Text>> = {
  "not-counted": texts.notCounted,
  "no-reclaim": texts.noReclaim,
  "no-review": texts.noReview,
  "no-notify": texts.noNotify,
};

export const EFFECT_HINTS: Readonly<Record<Effect, Text>> = {
  "not-counted": texts.notCountedHint,
  "no-reclaim": texts.noReclaimHint,
  "no-review": texts.noReviewHint,
  "no-notify": texts.noNotifyHint,
};

export const STATE_WORDS: Readonly<Record<Exclusion["state"], Text>> = {
  active: texts.active,
  off: texts.off,
  expired: texts.expired,
  ended: texts.ended,
};

const STATE_KINDS: Readonly<Record<Exclusion["state"], BadgeKind>> = {
  active: "ok",
  off: "warn",
  expired: "neutral",
  ended: "neutral",
};

export function ExclusionState({ of }: { of: Exclusion["state"] }): ReactNode {
  return <Badge kind={STATE_KINDS[of]}>{t(STATE_WORDS[of])}</Badge>;
}

export function sayEffects(effects: readonly Effect[]): string {
  return effects.map((effect) => t(EFFECT_WORDS[effect])).join(", ");
}
