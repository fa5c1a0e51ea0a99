import type { BackupHeader } from "../../lib/backup-file.ts";
import {
  endRunsUnderWay,
  markRestoredCopy,
  observeEverySite,
  pauseEveryConnection,
  pauseEveryPlan,
  pauseEveryRule,
} from "../../store/restored-copy.ts";
import { endEverySignInLink } from "../../store/sign-in/links.ts";
import { endSessions } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";
import { forgetCredentials } from "../keys/forget-credentials.ts";

export interface SettledCopy {
  pausedConnectionIds: string[];
  /** Those whose secret these keys do not open. */
  forgottenCredentialIds: string[];
}

/**
 * A restored copy does nothing by itself: two that read one site would renew each other's grants away, and two that act
 * on it would take what the other gave back. Connections, rules that act and plans under way are paused and sites
 * observed only; messages and webhooks wait too, until a person says that this is the living copy.
 */
export async function settleRestored(context: Context, header: BackupHeader): Promise<SettledCopy> {
  const { db, clock, actor } = context;
  const forgottenCredentialIds = await forgetCredentials(context);
  return db.transaction(async (tx) => {
    const restoredAt = clock.now();
    const pausedConnectionIds = await pauseEveryConnection(tx, restoredAt);
    const observedSiteIds = await observeEverySite(tx);
    const why = `This installation was restored from a backup of ${header.madeAt}.`;
    const pausedRuleIds = await pauseEveryRule(
      tx,
      { by: "person", reason: why, at: restoredAt.toISOString() },
      restoredAt,
    );
    const pausedPlanIds = await pauseEveryPlan(tx, { by: "person", message: why, at: restoredAt });
    const endedRuns = await endRunsUnderWay(tx, restoredAt);
    // Who was let out after the backup was made must not be in again.
    await endSessions(tx, {}, "restored", restoredAt);
    await endEverySignInLink(tx, restoredAt);
    await markRestoredCopy(tx, { madeAt: new Date(header.madeAt), restoredAt });
    const { madeAt, version, systemIdentifier, journal } = header;
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "installation.restored",
      subjectId: null,
      detail: {
        backup: { madeAt, version, systemIdentifier, journal },
        pausedConnectionIds,
        observedSiteIds,
        pausedRuleIds,
        pausedPlanIds,
        forgottenCredentialIds,
        endedRuns,
      },
    });
    return { pausedConnectionIds, forgottenCredentialIds };
  });
}
