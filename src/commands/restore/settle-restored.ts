import type { BackupHeader } from "../../lib/backup-file.ts";
import {
  endRunsUnderWay,
  markRestoredCopy,
  observeEverySite,
  pauseEveryConnection,
} from "../../store/restored-copy.ts";
import type { Context } from "../context.ts";
import { forgetCredentials } from "../keys/forget-credentials.ts";

export interface SettledCopy {
  pausedConnectionIds: string[];
  /** Those whose secret these keys do not open. */
  forgottenCredentialIds: string[];
}

/**
 * A restored copy does nothing by itself: two that read one site would renew each other's grants away. Connections are
 * paused and sites observed only, until a person says that this is the living copy.
 */
export async function settleRestored(context: Context, header: BackupHeader): Promise<SettledCopy> {
  const { db, clock, actor } = context;
  const forgottenCredentialIds = await forgetCredentials(context);
  return db.transaction(async (tx) => {
    const restoredAt = clock.now();
    const pausedConnectionIds = await pauseEveryConnection(tx, restoredAt);
    const observedSiteIds = await observeEverySite(tx);
    const endedRuns = await endRunsUnderWay(tx, restoredAt);
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
        forgottenCredentialIds,
        endedRuns,
      },
    });
    return { pausedConnectionIds, forgottenCredentialIds };
  });
}
