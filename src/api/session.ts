import { z } from "zod";
import { SIGN_IN_WAYS } from "../model/sessions.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, flag, manyOf } from "./lists.ts";
import { Operator } from "./operators.ts";

export const Session = z
  .object({
    id: z.string().nullable().meta({ description: "Null where a token asks: then there is no session." }),
    operator: Operator,
    roles: z.array(z.string()),
    scopes: z.array(z.string()).meta({ description: "What may be done now; `*` is everything." }),
    ownsConnections: z.boolean().meta({
      description: "They own a connection: those they may read and change whatever their roles.",
    }),
    hasPassword: z.boolean(),
    through: z.enum([...SIGN_IN_WAYS, "token"]),
    signedInAt: instant.meta({ description: "Of a token: when it was made." }),
    endsAt: instant.nullable().meta({ description: "However much it is used; null: a token that does not expire." }),
    idleEndsAt: instant.nullable().meta({ description: "If it is not used again; null of a token." }),
  })
  .meta({ id: "Session" });

/** Whatever a person typed as a password; how a new one must be is told by `weak-password`. */
export const typedPassword = z.string().min(1).max(200);
export const newPassword = z.string().min(12).max(200).meta({ description: "Twelve characters or more." });
const code = z
  .string()
  // That of a mail is signed and longer.
  .regex(/^[\w.-]{10,400}$/, "the code of the link")
  .meta({ description: "What the link has at its end." });
const email = z.email().max(254);

const TOO_MANY_ATTEMPTS = {
  "too-many-attempts": { status: 429, says: "Too many attempts failed. Wait, and try again." },
} as const;
export const WEAK_PASSWORD = {
  "weak-password": { status: 422, says: "This password is too easily guessed. Choose another one." },
} as const;
const COOKIE =
  "The answer sets the session's cookie. Requests that change something by it carry the header `usher-client: web`.";

export const getSignInOptions = defineRoute({
  id: "session.options",
  method: "GET",
  path: "/sign-in",
  summary: "How one signs in here",
  scope: "public",
  answer: z
    .object({
      needsFirstAdmin: z
        .boolean()
        .meta({ description: "Nobody is an admin yet: the start printed a link to become one." }),
      password: z.boolean(),
      oidc: z.object({ label: z.string() }).nullable().meta({ description: "Open `/sign-in/sso` in the browser." }),
    })
    .meta({ id: "SignInOptions" }),
});

export const makeFirstAdmin = defineRoute({
  id: "session.firstAdmin",
  method: "POST",
  path: "/setup/admin",
  summary: "Become the first admin",
  description: `With the one-time code that the start printed, while nobody is an admin. ${COOKIE}`,
  scope: "public",
  body: z.strictObject({ code, name: text(100), email, password: newPassword }),
  answer: Session,
  status: 201,
  refusals: {
    "has-admin": { status: 409, says: "This installation has an admin. Sign in, or ask them for an invitation." },
    "code-not-valid": {
      status: 403,
      says: "This code is not valid, was used, or is too old. Start Usher again: it prints another link.",
    },
    ...WEAK_PASSWORD,
    ...TOO_MANY_ATTEMPTS,
  },
});

export const signIn = defineRoute({
  id: "session.signIn",
  method: "POST",
  path: "/session",
  summary: "Sign in with e-mail and password",
  description: COOKIE,
  scope: "public",
  body: z.strictObject({ email, password: typedPassword }),
  answer: Session,
  status: 201,
  refusals: {
    "not-signed-in": {
      status: 401,
      says: "E-mail and password do not belong together here. Check both, or ask an admin for a link to sign in.",
    },
    ...TOO_MANY_ATTEMPTS,
  },
});

export const signInByLink = defineRoute({
  id: "session.link",
  method: "POST",
  path: "/session/link",
  summary: "Sign in with a one-time link",
  description: COOKIE,
  scope: "public",
  body: z.strictObject({ code }),
  answer: Session,
  status: 201,
  refusals: {
    "link-not-valid": {
      status: 410,
      says: "This link was used, is too old, or is not one of ours. Ask for another one.",
    },
    ...TOO_MANY_ATTEMPTS,
  },
});

export const getSession = defineRoute({
  id: "session.get",
  method: "GET",
  path: "/session",
  summary: "Who is signed in, until when, and what they may do",
  description: "Asking is using: it puts off the end of a session that is not used.",
  scope: "any-token",
  answer: Session,
});

export const signOut = defineRoute({
  id: "session.signOut",
  method: "DELETE",
  path: "/session",
  summary: "Sign out",
  description: "Ends the session and clears its cookie. Whoever asks by a token has no session, and nothing happens.",
  scope: "any-token",
  answer: z
    .object({
      signOutUrl: z.string().nullable().meta({
        description: "Where the browser goes to sign out at the provider of single sign-on, too; null: nowhere.",
      }),
    })
    .meta({ id: "SignedOut" }),
});

export const welcome = defineRoute({
  id: "session.welcome",
  method: "POST",
  path: "/welcome",
  summary: "Set a password with the link of an invitation, and sign in",
  description: `Ends every other session of the person. ${COOKIE}`,
  scope: "public",
  body: z.strictObject({ code, password: newPassword }),
  answer: Session,
  status: 201,
  refusals: {
    "link-not-valid": signInByLink.refusals["link-not-valid"],
    ...WEAK_PASSWORD,
    ...TOO_MANY_ATTEMPTS,
  },
});

export const changePassword = defineRoute({
  id: "session.password",
  method: "POST",
  path: "/session/password",
  summary: "Change your own password",
  description: "Ends your other sessions. Only whoever is signed in by a session may.",
  scope: "any-token",
  body: z.strictObject({ current: typedPassword, password: newPassword }),
  refusals: {
    "no-session": { status: 403, says: "A token changes no password. Sign in by the web app." },
    "wrong-password": { status: 422, says: "This is not your current password." },
    ...WEAK_PASSWORD,
    ...TOO_MANY_ATTEMPTS,
  },
});

export const ListedSession = z
  .object({
    id: z.string(),
    operatorId: z.string(),
    operatorName: z.string(),
    through: z.enum(SIGN_IN_WAYS),
    userAgent: z.string().nullable().meta({ description: "What the browser called itself." }),
    isCurrent: z.boolean().meta({ description: "The one that asks." }),
    createdAt: instant,
    lastUsedAt: instant.meta({ description: "Right to a minute." }),
    endsAt: instant.meta({ description: "If it is not used again, and at most seven days after it began." }),
    endedAt: instant.nullable(),
    endReason: z.string().nullable(),
  })
  .meta({ id: "ListedSession" });

export const listSessions = defineList({
  id: "sessions.list",
  path: "/sessions",
  summary: "Who is signed in where",
  description: "Your own; with the scope `operators:read` also others'.",
  scope: "any-token",
  item: ListedSession,
  sorts: ["lastUsedAt", "createdAt", "operatorName"],
  defaultSort: "-lastUsedAt",
  filters: {
    operatorId: idOf("operator").optional().meta({ description: "Whose; left out: your own." }),
    everyone: flag.default(false).meta({ description: "Everybody's." }),
    state: manyOf(z.enum(["active", "ended"])).optional(),
  },
});

export const endSession = defineRoute({
  id: "sessions.end",
  method: "DELETE",
  path: "/sessions/{sessionId}",
  summary: "End a session at once",
  description: "Your own; with the scope `operators:write` anybody's.",
  scope: "any-token",
  params: z.strictObject({ sessionId: idOf("session") }),
  refusals: { "no-such-session": { status: 404, says: "There is no such session." } },
});

export const sessionRoutes = [
  getSignInOptions,
  makeFirstAdmin,
  signIn,
  signInByLink,
  welcome,
  getSession,
  signOut,
  changePassword,
  listSessions,
  endSession,
];
