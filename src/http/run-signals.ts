import type { Database } from "../store/database.ts";
import { RUN_EVENTS_CHANNEL } from "../store/run-events.ts";

/** Tells who follows a run that it has new events. One database connection serves every stream. */
export interface RunSignals {
  /** Calls `hear` at each sign of the run until the returned function is called. */
  subscribe(runId: string, hear: () => void): () => void;
  close(): Promise<void>;
}

export async function createRunSignals(db: Database): Promise<RunSignals> {
  const listeners = new Map<string, Set<() => void>>();
  const stop = await db.listen(RUN_EVENTS_CHANNEL, (runId) => {
    for (const hear of listeners.get(runId) ?? []) hear();
  });
  return {
    subscribe(runId, hear) {
      const ofRun = listeners.get(runId) ?? new Set();
      listeners.set(runId, ofRun.add(hear));
      return () => {
        ofRun.delete(hear);
        if (ofRun.size === 0) listeners.delete(runId);
      };
    },
    close: stop,
  };
}
