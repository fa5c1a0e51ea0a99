/** How somebody signed in. */
export const SIGN_IN_WAYS = ["password", "sso", "link"] as const;
export type SignInWay = (typeof SIGN_IN_WAYS)[number];

/** Why a session ended before its time. */
export type SessionEndReason = "signed-out" | "revoked" | "password-changed" | "operator-ended" | "reset" | "restored";

const HOUR_MS = 3_600_000;
/** A session that is not used for so long has ended. */
export const SESSION_IDLE_MS = 8 * HOUR_MS;
/** However much it is used, a session ends after this. */
export const SESSION_MAX_MS = 7 * 24 * HOUR_MS;
/** The last use of a session is right to this; more would cost a write a request. */
export const SESSION_USE_STEP_MS = 60_000;

export type SignInLinkKind = "first-admin" | "welcome" | "sign-in";

/** How long a link of each kind works, once. */
export const LINK_LIFE_MS: Readonly<Record<SignInLinkKind, number>> = {
  "first-admin": 7 * 24 * HOUR_MS,
  welcome: 72 * HOUR_MS,
  "sign-in": 12 * HOUR_MS,
};
