import * as api from "../../api/session.ts";
import type { TooManyAttempts } from "../../commands/sign-in/attempts.ts";
import { endSession } from "../../commands/sign-in/end-session.ts";
import { makeFirstAdmin } from "../../commands/sign-in/make-first-admin.ts";
import { signIn } from "../../commands/sign-in/sign-in.ts";
import type { StartedSession } from "../../commands/sign-in/start-session.ts";
import { signInByLink } from "../../commands/sign-in/use-link.ts";
import { ok, refuse } from "../../lib/result.ts";
import { countAdmins } from "../../store/operators.ts";
import { RequestProblem } from "../problem.ts";
import { handle, type RequestInput } from "../route.ts";
import { sessionAnswer, tokenAnswer } from "../sign-in/answer.ts";

export const sessionHandlers = [
  handle(api.getSignInOptions, async ({ reader }) =>
    ok({ needsFirstAdmin: (await countAdmins(reader)) === 0, password: true, oidc: null }),
  ),

  handle(api.makeFirstAdmin, async (input) => {
    const made = await makeFirstAdmin(input.ctx, { ...input.body, ...input.client });
    if (made.ok) return ok(await begin(input, made.value));
    if (made.error.code === "too-many-attempts") throw tooManyAttempts(made.error);
    return refuse(made.error.code === "weak-password" ? weakPassword(made.error.flaw) : made.error.code);
  }),

  handle(api.signIn, async (input) => {
    const signedIn = await signIn(input.ctx, { ...input.body, ...input.client, isPasswordAllowed: true });
    if (signedIn.ok) return ok(await begin(input, signedIn.value));
    if (signedIn.error.code === "too-many-attempts") throw tooManyAttempts(signedIn.error);
    return refuse(signedIn.error.code);
  }),

  handle(api.signInByLink, async (input) => {
    const signedIn = await signInByLink(input.ctx, { ...input.body, ...input.client });
    if (signedIn.ok) return ok(await begin(input, signedIn.value));
    if (signedIn.error.code === "too-many-attempts") throw tooManyAttempts(signedIn.error);
    return refuse(signedIn.error.code);
  }),

  handle(api.getSession, async ({ reader, caller }) =>
    ok(caller.sessionId === null ? await tokenAnswer(reader, caller) : await sessionAnswer(reader, caller.sessionId)),
  ),

  handle(api.signOut, async ({ ctx, caller, cookie }) => {
    if (caller.sessionId === null) return ok({ signOutUrl: null });
    await endSession(ctx, caller.sessionId, caller.operatorId, "signed-out");
    cookie.clear();
    return ok({ signOutUrl: null });
  }),
];

async function begin({ reader, cookie }: RequestInput, session: StartedSession) {
  const answer = await sessionAnswer(reader, session.id);
  cookie.put(session.secret, session.endsAt);
  return answer;
}

export function weakPassword(flaw: string) {
  const errors = [{ field: "body.password", what: flaw, expected: "a password that nobody guesses: four words, say" }];
  return { code: "weak-password", errors } as const;
}

export function tooManyAttempts({ waitSeconds }: TooManyAttempts): RequestProblem {
  const wait = waitSeconds < 90 ? `${waitSeconds} seconds` : `${Math.ceil(waitSeconds / 60)} minutes`;
  const detail = `Too many attempts failed. Wait ${wait}, then try again.`;
  return new RequestProblem({ status: 429, code: "too-many-attempts", detail }, { "retry-after": String(waitSeconds) });
}
