import { FREE_USERS_MAX } from "../billing/atlassian.ts";

export interface AlertTerms {
  unit: "percent" | "seats";
  threshold: number;
}

/** What a percentage is of: what the source tells, what was bought, or the limit of Free; null: nobody knows. */
export function capacityOfSite(known: {
  told: number | null;
  bought: number | null;
  edition: string | null;
}): number | null {
  return known.told ?? known.bought ?? (known.edition === "free" ? FREE_USERS_MAX : null);
}

/** Whether so many used seats reach the threshold. A percentage of nobody knows what is not reached. */
export function reaches({ unit, threshold }: AlertTerms, used: number, capacity: number | null): boolean {
  if (unit === "seats") return used >= threshold;
  return capacity !== null && capacity > 0 && used * 100 >= threshold * capacity;
}
