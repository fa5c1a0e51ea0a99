import { remindOfRenewals } from "../../commands/licenses/remind-of-renewals.ts";
import { messageOf } from "../../lib/errors.ts";
import { listReadSites, saveSiteLicense } from "../../store/licenses/site-licenses.ts";
import type { JobEnd, JobKind, JobParts } from "../kinds.ts";

const SYSTEM = { operatorId: "system", through: "job" } as const;

/** Asks each site once a day what was bought for it, and reminds owners of renewals. */
export const refreshLicenses: JobKind = {
  kind: "refresh-licenses",
  name: "Refresh licenses",
  cron: "7 4 * * *",
  followsRuns: false,
  async execute(parts, _, signal) {
    const { db, clock, secrets } = parts;
    const asked = await askSites(parts, signal);
    const reminders = await remindOfRenewals({ db, clock, secrets, actor: SYSTEM });
    const { state, message } = asked;
    return { state, message: `${message} ${reminders} reminders are due.` };
  },
};

async function askSites(parts: JobParts, signal: AbortSignal): Promise<JobEnd> {
  const { db, clock, log } = parts;
  const counts = { told: 0, silent: 0, failed: 0 };
  for (const siteId of await listReadSites(db)) {
    signal.throwIfAborted();
    try {
      const license = await readLicense(parts, siteId, signal);
      if (license) {
        await db.transaction((tx) => saveSiteLicense(tx, siteId, license, clock.now()));
        counts.told += 1;
      } else counts.silent += 1;
    } catch (error) {
      signal.throwIfAborted();
      // One site that cannot be asked does not keep the others from being asked; what it told before stays.
      log.warn({ siteId, error: messageOf(error) }, "the license of a site could not be read");
      counts.failed += 1;
    }
  }
  const state = counts.failed === 0 ? "succeeded" : counts.told + counts.silent > 0 ? "partial" : "failed";
  const message = `${counts.told} sites told what was bought, ${counts.silent} are told to no credential, ${counts.failed} could not be asked.`;
  return { state, message };
}

async function readLicense({ openSite }: JobParts, siteId: string, signal: AbortSignal) {
  const site = await openSite(siteId);
  return (await site.writer?.readLicense(signal)) ?? null;
}
