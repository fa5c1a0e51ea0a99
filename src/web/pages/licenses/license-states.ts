import type { BadgeKind } from "../../parts/badge.tsx";
import type { Text } from "../../text/define.ts";
import { texts } from "./texts.ts";
import type { License } from "./words.ts";

export const STATES: Readonly<Record<License["state"], { label: Text; kind: BadgeKind }>> = {
  planned: { label: texts.planned, kind: "info" },
  "in-force": { label: texts.inForce, kind: "ok" },
  ended: { label: texts.ended, kind: "neutral" },
};
