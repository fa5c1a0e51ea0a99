import { listEndingCredentials, listWaitingConnections } from "../../store/notifications/connections-to-watch.ts";
import { notify } from "../../store/notifications/notify.ts";
import type { Context } from "../context.ts";

const DAY_MS = 86_400_000;
/** Time enough to ask somebody for a new one; and once more, when it is urgent. */
const EXPIRY_DAYS = [3, 14] as const;

/** Reminds owners of what comes due: credentials that end, and connections whose set-up nobody went on with for a day. */
export function watchConnections({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  return db.transaction(async (tx) => {
    const at = clock.now();
    for (const waiting of await listWaitingConnections(tx, new Date(at.getTime() - DAY_MS))) {
      const { connectionId } = waiting;
      const dedupeKey = `connection-waits/${connectionId}/reminder`;
      await notify(tx, {
        kind: "connection-waits",
        subjectId: connectionId,
        data: waiting,
        at,
        connectionId,
        dedupeKey,
      });
    }
    const longest = Math.max(...EXPIRY_DAYS);
    for (const ending of await listEndingCredentials(tx, new Date(at.getTime() + longest * DAY_MS))) {
      const { credentialId, connectionId, connection, credential } = ending;
      const expiresAt = ending.expiresAt.toISOString();
      const days = EXPIRY_DAYS.find((each) => ending.expiresAt.getTime() - at.getTime() <= each * DAY_MS);
      const dedupeKey = `credential-expires/${credentialId}/${expiresAt}/${days}`;
      const data = { connection, connectionId, credential, expiresAt };
      await notify(tx, { kind: "credential-expires", subjectId: credentialId, data, at, connectionId, dedupeKey });
    }
  });
}
