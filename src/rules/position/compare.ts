import type { PositionLine, PositionMoney } from "../../model/position.ts";

type Line = Omit<PositionLine, "reclaimable" | "ways" | "shares"> & { site: string | null; license: string | null };

export interface LineDifference extends Pick<
  Line,
  "level" | "product" | "siteId" | "site" | "licenseId" | "license" | "edition" | "metric"
> {
  /** Null: the line was not there. */
  before: Line | null;
  after: Line | null;
  moneyBefore: PositionMoney[];
  moneyAfter: PositionMoney[];
}

/** Lines of two positions side by side; those that say the same both times are left out. */
export function compareLines(before: readonly Line[], after: readonly Line[]): LineDifference[] {
  const keyOf = ({ level, product, siteId, licenseId }: Line) =>
    level === "edition" ? `edition ${siteId}` : `${level} ${product} ${licenseId}`;
  const earlier = new Map(before.map((line) => [keyOf(line), line]));
  const later = new Map(after.map((line) => [keyOf(line), line]));
  return [...new Set([...later.keys(), ...earlier.keys()])].flatMap((key) => {
    const [old, now] = [earlier.get(key) ?? null, later.get(key) ?? null];
    const shown = now ?? old;
    if (!shown || (old && now && saysSame(old, now))) return [];
    const { level, product, siteId, site, licenseId, license, edition, metric } = shown;
    const place = { level, product, siteId, site, licenseId, license, edition, metric };
    return [{ ...place, before: old, after: now, moneyBefore: old?.money ?? [], moneyAfter: now?.money ?? [] }];
  });
}

const NUMBERS = [
  "status",
  "owned",
  "used",
  "free",
  "short",
  "excluded",
  "unmapped",
  "guests",
  "active",
  "idle",
  "neverUsed",
  "noEvidence",
  "pending",
] as const;

function saysSame(old: Line, now: Line): boolean {
  return NUMBERS.every((field) => old[field] === now[field]) && JSON.stringify(old.money) === JSON.stringify(now.money);
}
