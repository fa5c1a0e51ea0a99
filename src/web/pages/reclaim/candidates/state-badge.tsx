import type { ReactNode } from "react";
import { Badge } from "../../../parts/badge.tsx";
import { t } from "../../../text/t.ts";
import { type CandidateState, STATE_KINDS, STATE_WORDS } from "./states.ts";

export function StateBadge({ of }: { of: CandidateState }): ReactNode {
  return <Badge kind={STATE_KINDS[of]}>{t(STATE_WORDS[of])}</Badge>;
}
