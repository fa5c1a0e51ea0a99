import { deleteDigestItems, queueDigests } from "../../store/notifications/digests.ts";
import type { JobKind } from "../kinds.ts";

const DAY_MS = 86_400_000;
const TOLD_DAYS = 90;

/** One mail a day to everybody whom something waits for; on other days, none. */
export const sendDigests: JobKind = {
  kind: "send-digests",
  name: "Send digests",
  cron: "0 7 * * *",
  followsRuns: false,
  async execute({ db, clock }) {
    const at = clock.now();
    const count = await db.transaction((tx) => queueDigests(tx, at));
    await db.transaction((tx) => deleteDigestItems(tx, new Date(at.getTime() - TOLD_DAYS * DAY_MS)));
    const says = count === 1 ? "1 digest is on its way." : `${count} digests are on their way.`;
    return { state: "succeeded", message: count === 0 ? "There was nothing to tell." : says };
  },
};
