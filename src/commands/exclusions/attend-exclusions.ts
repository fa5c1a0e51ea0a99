import { WARN_BEFORE_DAYS } from "../../rules/exclusions.ts";
import type { ExclusionRule } from "../../model/exclusions.ts";
import type { Database, Tx } from "../../store/database.ts";
import {
  findExclusionRule,
  lockLivingRules,
  saveExclusionRule,
  saveExclusionWarned,
} from "../../store/exclusions/rules.ts";
import { type SettledExclusions, settleExclusions } from "../../store/exclusions/settle.ts";
import { notify } from "../../store/notifications/notify.ts";
import { recordExclusion } from "./record-exclusion.ts";

const DAY_MS = 86_400_000;
const SYSTEM = { actor: { operatorId: "system", through: "job" } } as const;

export interface AttendedExclusions extends SettledExclusions {
  expired: number;
  warned: number;
  /** About to expire, and nobody is told: the setting names nobody who has an e-mail address. */
  unwarned: number;
}

/** Ends what has expired, tells owners what will, and settles whom the rules catch. Right however often it is done. */
export function attendExclusions(db: Database, now: Date): Promise<AttendedExclusions> {
  return db.transaction(async (tx) => {
    const done = { expired: 0, warned: 0, unwarned: 0 };
    for (const rule of await lockLivingRules(tx)) {
      if (rule.expiresAt === null) continue;
      if (rule.expiresAt <= now) {
        recordExclusion(
          tx,
          SYSTEM,
          "exclusion-rule.expired",
          await saveExclusionRule(tx, { ...rule, endedAt: now }, now),
        );
        done.expired += 1;
      } else if (rule.warnedAt === null && rule.expiresAt.getTime() <= now.getTime() + WARN_BEFORE_DAYS * DAY_MS) {
        if (await warn(tx, rule, rule.expiresAt, now)) done.warned += 1;
        else done.unwarned += 1;
      }
    }
    return { ...done, ...(await settleExclusions(tx, now)) };
  });
}

async function warn(tx: Tx, rule: ExclusionRule, expiresAt: Date, now: Date): Promise<boolean> {
  const told = await notify(tx, {
    kind: "exclusion-expires",
    subjectId: rule.id,
    data: {
      exclusion: rule.name,
      exclusionId: rule.id,
      expiresAt: expiresAt.toISOString(),
      accounts: (await findExclusionRule(tx, rule.id))?.hits ?? 0,
    },
    at: now,
    ownerId: rule.ownerId,
    dedupeKey: `exclusion-expires/${rule.id}/${expiresAt.toISOString()}`,
  });
  // Looked at again next time: somebody may be named who can be told.
  if (told === 0) return false;
  await saveExclusionWarned(tx, rule.id, now);
  return true;
}
