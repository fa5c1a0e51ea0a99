import type { PositionLine } from "../../model/position.ts";
import { FREE_USERS_MAX } from "../billing/atlassian.ts";

type Counted = Omit<PositionLine, "reclaimable">;

/** How the numbers of a line came about, a sentence each, with the numbers themselves. */
export function explainLine(line: Counted): string[] {
  return [...usedWords(line), ownedWords(line), ...freeWords(line), ...moneyWords(line)];
}

function usedWords({ used, active, idle, neverUsed, noEvidence, excluded, pending, unmapped }: Counted): string[] {
  const words = [
    `${used} used: ${active} active, ${idle} idle, ${neverUsed} never used and ${noEvidence} without evidence.`,
  ];
  if (excluded > 0) {
    words.push(`${excluded} more hold a seat and are left out by an exclusion; Atlassian bills them all the same.`);
  }
  if (pending > 0) words.push(`Of the used, ${pending} are on their way to be taken back.`);
  if (unmapped > 0) words.push(`${unmapped} are of an edition that is not recognized, so they have no list price.`);
  return words;
}

function ownedWords({ level, licenseId, metric, edition, owned }: Counted): string {
  if (level === "product") {
    return owned === null
      ? "Owned is not known: of some site nobody has entered what was bought."
      : "Owned is the sum of its licenses, and of the Free edition its limit.";
  }
  if (edition === "free") return `The Free edition is for up to ${FREE_USERS_MAX} users.`;
  if (licenseId === null) return "Nobody has entered what was bought, so it is not known whether it is enough.";
  if (level === "edition" && owned === null) {
    return "Its license covers several sites: owned stands in the license's line, and the cost here is this site's part of it.";
  }
  if (owned === null) return "The tier that was bought has no end.";
  if (metric === "monthly-seats") {
    return `${owned} owned: the most seats held at once in the billing month that is under way, which is what is billed.`;
  }
  return metric === "data-center-tier"
    ? `${owned} owned: what the tier that was bought holds, until the renewal.`
    : `${owned} owned: the quantity that was bought, until the renewal.`;
}

function freeWords({ owned, free, short, used, excluded, level }: Counted): string[] {
  if (owned === null || free === null) return [];
  // Of several licenses one may be short while another has seats free: the sums say nothing of each other.
  if (level === "product") return ["Free and short are the sums of its lines."];
  if (short) return [`${short} short: ${used} used less ${owned} owned.`];
  return [`${free} free: ${owned} owned less the ${used + excluded} who hold a seat.`];
}

function moneyWords({ money }: Counted): string[] {
  if (money.length === 0) return ["No price is known."];
  const words = [];
  if (money.some(({ basis }) => basis === "list-price")) {
    words.push("Money is by Atlassian's list price where nobody has entered what was bought.");
  }
  if (money.some(({ overMinor }) => (overMinor ?? 0) > 0)) {
    words.push("Paid unused is what is paid beyond the seats that are held.");
  }
  if (money.some(({ avoidableMinor }) => (avoidableMinor ?? 0) > 0)) {
    words.push(
      "Could save is what the next bill that may become less would be lower by, were all idle and never-used seats that no exclusion keeps given back before.",
    );
  }
  return words;
}
