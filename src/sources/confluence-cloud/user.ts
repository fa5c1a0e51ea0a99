import { z } from "zod";
import type { AccountStatus, AccountType, FieldOrigin } from "../../model/facts.ts";
import type { ObservedAccount } from "../source.ts";

/** A user as v1 gives it; only the fields we read. `isGuest` replaced the two older names (spec V1). */
export const V1User = z.object({
  accountId: z.string().nullish(),
  accountType: z.string().nullish(),
  /** Not in the spec, but live users carry it (FACTS §3). */
  accountStatus: z.string().nullish(),
  email: z.string().nullish(),
  publicName: z.string().nullish(),
  displayName: z.string().nullish(),
  timeZone: z.string().nullish(),
  isGuest: z.boolean().nullish(),
  isExternalCollaborator: z.boolean().nullish(),
  externalCollaborator: z.boolean().nullish(),
  operations: z.array(z.object({ operation: z.string(), targetType: z.string() })).nullish(),
});
export type V1User = z.infer<typeof V1User>;

/** Null for a user without account id: the anonymous one is nobody's account. */
export function accountOf(user: V1User, origin: FieldOrigin): ObservedAccount | null {
  if (!user.accountId) return null;
  return {
    sourceId: user.accountId,
    accountType: accountTypeOf(user.accountType),
    status: user.accountStatus ? accountStatusOf(user.accountStatus) : null,
    isGuest: user.isGuest ?? user.isExternalCollaborator ?? user.externalCollaborator ?? null,
    hasAccess: user.operations ? user.operations.some(givesAccess) : null,
    displayName: textOf(user.displayName),
    publicName: textOf(user.publicName),
    email: textOf(user.email),
    timeZone: textOf(user.timeZone),
    origin,
  };
}

/** `use` or `administer` of the application; no operation at all means no access to the site (FACTS §3). */
function givesAccess({ operation, targetType }: { operation: string; targetType: string }): boolean {
  return targetType === "application" && (operation === "use" || operation === "administer");
}

/** Hidden or missing texts come as an empty string, as null or not at all (TRAPS §3). */
export function textOf(text: string | null | undefined): string | null {
  return text?.trim() ? text : null;
}

export function accountTypeOf(text: string | null | undefined): AccountType {
  return text === "atlassian" || text === "app" || text === "customer" ? text : "unknown";
}

export function accountStatusOf(text: string | null | undefined): AccountStatus {
  return text === "active" || text === "inactive" || text === "closed" ? text : "unknown";
}

export function isPresent<Value>(value: Value | null): value is Value {
  return value !== null;
}
