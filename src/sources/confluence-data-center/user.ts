import { z } from "zod";
import type { AccountStatus, FieldOrigin } from "../../model/facts.ts";
import type { ObservedAccount } from "../source.ts";

/** A user as every endpoint gives it; only the fields we read. There is no e-mail in any of them (FACTS §10). */
export const User = z
  .object({
    /** `known`, `unknown` (the directory has it no longer) or `anonymous`. */
    type: z.string().nullish(),
    username: z.string().nullish(),
    userKey: z.string().nullish(),
    displayName: z.string().nullish(),
    /** Only with `expand=status`. */
    status: z.string().nullish(),
  })
  .refine((user) => user.type === "anonymous" || Boolean(user.userKey), { message: "is a user without userKey" });
export type User = z.infer<typeof User>;

/** What a listing knows a row by. */
export function keyOfUser({ userKey, username }: User): string {
  return userKey ?? username ?? "";
}

/** Null for the anonymous user: nobody's account. */
export function accountOf(user: User, origin: FieldOrigin, hasAccess: boolean | null): ObservedAccount | null {
  if (!user.userKey) return null;
  return {
    sourceId: user.userKey,
    accountType: "atlassian",
    status: statusOf(user),
    isGuest: false,
    hasAccess,
    displayName: user.displayName?.trim() || user.username || null,
    publicName: user.username?.trim() || null,
    email: null,
    timeZone: null,
    origin,
  };
}

/** The values are not documented (FACTS §10): what is neither of the two is not guessed at. */
function statusOf({ type, status }: User): AccountStatus | null {
  if (type === "unknown") return "closed";
  if (!status) return null;
  if (/^(current|active)$/i.test(status)) return "active";
  return /^(deactivated|disabled|inactive)$/i.test(status) ? "inactive" : "unknown";
}
