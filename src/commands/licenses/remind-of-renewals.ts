import { daysBetween, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import { covers } from "../../rules/billing/calendar.ts";
import { dueReminder } from "../../rules/licenses/reminders.ts";
import { listReminded, type RemindedLicense } from "../../store/licenses/reminded.ts";
import { notify } from "../../store/notifications/notify.ts";
import type { Context } from "../context.ts";

/**
 * Reminds of the renewal of each license and of its notice, once for each of 90, 60, 30 and 7 days before; a day that
 * passed unseen is made good by the next. Gives how many reminders are due; what was sent is not sent again.
 */
export function remindOfRenewals({ db, clock }: Context): Promise<number> {
  return db.transaction(async (tx) => {
    const at = clock.now();
    const today = toDay(at);
    const due = (await listReminded(tx))
      .filter((license) => covers(license, today))
      .flatMap((license) => dueOf(license, today));
    for (const { license, what, on, daysLeft, days } of due) {
      const { id: licenseId, name, sites, siteIds, ownerId, autoRenew } = license;
      await notify(tx, {
        kind: "license-renewal",
        subjectId: licenseId,
        data: { license: name, licenseId, sites, what, on, daysLeft, autoRenew },
        at,
        siteIds,
        ownerId,
        dedupeKey: `license-renewal/${licenseId}/${what}/${on}/${days}`,
      });
    }
    return due.length;
  });
}

function dueOf(license: RemindedLicense, today: string) {
  const dates: ["renewal" | "notice", License["renewalOn"]][] = [
    ["renewal", license.renewalOn ?? license.termEnd],
    ["notice", license.noticeOn],
  ];
  return dates.flatMap(([what, on]) => {
    if (on === null) return [];
    const daysLeft = daysBetween(today, on);
    const days = dueReminder(daysLeft);
    return days === null ? [] : [{ license, what, on, daysLeft, days }];
  });
}
