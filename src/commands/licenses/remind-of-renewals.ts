import { daysBetween, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import { covers } from "../../rules/billing/calendar.ts";
import { dueReminder } from "../../rules/messages/license-renewal.ts";
import { listReminded, type RemindedLicense } from "../../store/licenses/reminded.ts";
import { queueMessage } from "../../store/messages.ts";
import type { Context } from "../context.ts";

/**
 * Reminds the owner of each license of its renewal and of its notice, once for each of 90, 60, 30 and 7 days before; a day
 * that passed unseen is made good by the next. Gives how many reminders are due; what was sent is not sent again. A
 * license without an owner, or whose owner has no e-mail, reminds nobody.
 */
export function remindOfRenewals({ db, clock }: Context): Promise<number> {
  return db.transaction(async (tx) => {
    const at = clock.now();
    const today = toDay(at);
    const due = (await listReminded(tx))
      .filter((license) => covers(license, today))
      .flatMap((license) => dueOf(license, today));
    for (const { license, what, on, daysLeft, days } of due) {
      const { id: licenseId, name, sites, email, autoRenew } = license;
      await queueMessage(tx, {
        channel: "mail",
        kind: "license-renewal",
        recipient: email,
        subjectId: licenseId,
        data: { license: name, licenseId, sites, what, on, daysLeft, autoRenew },
        dedupeKey: `license-renewal/${licenseId}/${what}/${on}/${days}`,
        at,
      });
    }
    return due.length;
  });
}

function dueOf(license: RemindedLicense, today: string) {
  const dates: [string, License["renewalOn"]][] = [
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
