import { watchConnections as watch } from "../../commands/notifications/watch-connections.ts";
import type { JobKind } from "../kinds.ts";

/** Reminds owners of credentials that end soon and of connections that wait for them. */
export const watchConnections: JobKind = {
  kind: "watch-connections",
  name: "Watch connections",
  cron: "23 * * * *",
  followsRuns: false,
  async execute({ db, clock }) {
    await watch({ db, clock });
    return { state: "succeeded", message: "Whoever has something to do for a connection was told, once." };
  },
};
