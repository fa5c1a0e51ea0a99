import type { MessageTemplate } from "./template.ts";

/** Days before a renewal, or before notice has to be given, on which its owner is reminded. */
export const REMINDER_DAYS = [90, 60, 30, 7] as const;

/** The nearest of them that has been reached; null while it is longer, and once the day has passed. */
export function dueReminder(daysLeft: number): number | null {
  if (daysLeft < 0) return null;
  return REMINDER_DAYS.findLast((each) => daysLeft <= each) ?? null;
}

/** `data`: license, licenseId, sites, what (`renewal` or `notice`), on, daysLeft, autoRenew. */
export const licenseRenewal: MessageTemplate = {
  kind: "license-renewal",
  write(data, links) {
    const { license, licenseId, sites, on, daysLeft } = data;
    const isNotice = data["what"] === "notice";
    const when = daysLeft === 0 ? "today" : daysLeft === 1 ? "tomorrow" : `in ${String(daysLeft)} days`;
    const what = isNotice
      ? `A change of the renewal of "${String(license)}" has to be told by ${String(on)}, ${when}.`
      : data["autoRenew"] === true
        ? `"${String(license)}" renews itself on ${String(on)}, ${when}.`
        : `"${String(license)}" ends on ${String(on)}, ${when}, and does not renew itself.`;
    return {
      subject: isNotice
        ? `${String(license)}: tell changes by ${String(on)}`
        : `${String(license)}: renewal on ${String(on)}`,
      parts: [
        { kind: "paragraph", text: what },
        { kind: "paragraph", text: `It covers ${(sites as string[]).join(", ")}.` },
        { kind: "link", label: "See what a renewal would cost", url: links.page(`/licenses/${String(licenseId)}`) },
        { kind: "note", text: "You are told because you own this license, 90, 60, 30 and 7 days before." },
      ],
    };
  },
};
