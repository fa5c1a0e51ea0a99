/** How an instance behaves where its documents leave it open or an administrator chooses. */
export interface DataCenterSettings {
  /** `/group/{name}/member` and `user/memberof` show nested members too. The documents do not say. */
  nestedMembers: boolean;
  accessMode: "READ_WRITE" | "READ_ONLY";
  /** `next` as the documents' examples have it, instead of relative to `_links.base` as it is seen. */
  absoluteLinks: boolean;
  /** Users that the license allows; null for the tier that fitted at the start. */
  maxUsers: number | null;
  /** Token bucket for each user (FACTS §10). A limit of 0 blocks. */
  rateLimit: { limit: number; fillRate: number; intervalSeconds: number; status: 429 | 403 };
}

export const DEFAULT_SETTINGS: DataCenterSettings = {
  nestedMembers: false,
  accessMode: "READ_WRITE",
  absoluteLinks: false,
  maxUsers: null,
  rateLimit: { limit: 10_000, fillRate: 10_000, intervalSeconds: 1, status: 429 },
};

/** Checks settings from outside; throws with what is wrong in words. */
export function parseSettings(value: unknown): Partial<DataCenterSettings> {
  const wish: Record<string, unknown> = { ...Object(value) };
  const known = Object.keys(DEFAULT_SETTINGS);
  const unknown = Object.keys(wish).filter((each) => !known.includes(each));
  if (unknown.length > 0) throw new Error(`There is no setting ${unknown.join(", ")}; there are ${known.join(", ")}.`);
  const settings: Partial<DataCenterSettings> = {};
  const { nestedMembers, absoluteLinks, accessMode, rateLimit, maxUsers } = wish;
  if (typeof nestedMembers === "boolean") settings.nestedMembers = nestedMembers;
  if (typeof absoluteLinks === "boolean") settings.absoluteLinks = absoluteLinks;
  if (accessMode === "READ_WRITE" || accessMode === "READ_ONLY") settings.accessMode = accessMode;
  if (typeof maxUsers === "number" || maxUsers === null) settings.maxUsers = maxUsers;
  if (rateLimit !== undefined) settings.rateLimit = parseRateLimit(Object(rateLimit));
  return settings;
}

function parseRateLimit(wish: Record<string, unknown>): DataCenterSettings["rateLimit"] {
  const fallback = DEFAULT_SETTINGS.rateLimit;
  const count = (name: "limit" | "fillRate" | "intervalSeconds") => {
    const value = wish[name] ?? fallback[name];
    if (typeof value !== "number" || value < 0) throw new Error(`rateLimit.${name} is a number from 0.`);
    return value;
  };
  return {
    limit: count("limit"),
    fillRate: count("fillRate"),
    intervalSeconds: Math.max(count("intervalSeconds"), 1),
    status: wish["status"] === 403 ? 403 : 429,
  };
}
