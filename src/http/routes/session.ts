import * as api from "../../api/session.ts";
import type { TooManyAttempts } from "../../commands/sign-in/attempts.ts";
import { endSession } from "../../commands/sign-in/end-session.ts";
import { makeFirstAdmin } from "../../commands/sign-in/make-first-admin.ts";
import { signIn } from "../../commands/sign-in/sign-in.ts";
import type { StartedSession } from "../../commands/sign-in/start-session.ts";
import { signInByLink } from "../../commands/sign-in/use-link.ts";
import { changePassword, welcome } from "../../commands/sign-in/set-password.ts";
import { hashSecret } from "../../commands/sign-in/secrets.ts";
import { ok, refuse } from "../../lib/result.ts";
import { covers } from "../../model/scopes.ts";
import { countAdmins } from "../../store/operators.ts";
import type { LinkKey } from "../../store/sign-in/links.ts";
import { findSignOutUrl, idleEndOf, sessionRows, signOutPlace } from "../../store/sign-in/sessions.ts";
import { handleList } from "../lists.ts";
import { readSignInSettings } from "../../store/sign-in/settings.ts";
import { RequestProblem } from "../problem.ts";
import { NOBODY } from "../authenticate.ts";
import { type Caller, handle, type RequestInput } from "../route.ts";
import { sessionAnswer, tokenAnswer } from "../sign-in/answer.ts";

export const sessionHandlers = [
  handle(api.getSignInOptions, async ({ reader }) => {
    const [admins, settings] = await Promise.all([countAdmins(reader), readSignInSettings(reader)]);
    const { passwords, sso, clientSecret } = settings;
    const oidc = sso && clientSecret !== null ? { label: sso.label } : null;
    return ok({ needsFirstAdmin: admins === 0, password: passwords, oidc });
  }),

  handle(api.makeFirstAdmin, async (input) => {
    const made = await makeFirstAdmin(input.ctx, { ...input.body, ...input.client });
    if (made.ok) return ok(await begin(input, made.value));
    if (made.error.code === "too-many-attempts") throw tooManyAttempts(made.error);
    return refuse(made.error.code === "weak-password" ? weakPassword(made.error.flaw) : made.error.code);
  }),

  handle(api.signIn, async (input) => {
    const { passwords } = await readSignInSettings(input.reader);
    const signedIn = await signIn(input.ctx, { ...input.body, ...input.client, isPasswordAllowed: passwords });
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

  handle(api.signOut, async ({ ctx, reader, caller, cookie }) => {
    if (caller.sessionId === null) return ok({ signOutUrl: null });
    const sealed = await findSignOutUrl(reader, caller.sessionId);
    await endSession(ctx, caller.sessionId, caller.operatorId, "signed-out");
    cookie.clear();
    return ok({ signOutUrl: sealed === null ? null : ctx.secrets.open(signOutPlace(caller.sessionId), sealed) });
  }),

  handle(api.welcome, async (input) => {
    const { code, password } = input.body;
    const set = await welcome(input.ctx, { key: welcomeKey(input, code), password, ...input.client });
    if (set.ok) return ok(await begin(input, set.value));
    if (set.error.code === "too-many-attempts") throw tooManyAttempts(set.error);
    return refuse(set.error.code === "weak-password" ? weakPassword(set.error.flaw) : set.error.code);
  }),

  handle(api.changePassword, async ({ ctx, body, caller, client }) => {
    const { sessionId } = caller;
    if (sessionId === null) return refuse("no-session");
    const changed = await changePassword(ctx, { ...body, ...client, sessionId });
    if (changed.ok) return changed;
    if (changed.error.code === "too-many-attempts") throw tooManyAttempts(changed.error);
    return refuse(changed.error.code === "weak-password" ? weakPassword(changed.error.flaw) : changed.error.code);
  }),

  handleList(api.listSessions, async ({ query, caller, ctx }) => {
    const rows = sessionRows({
      operatorId: sessionsOf(caller, query),
      states: query.state ?? null,
      now: ctx.clock.now(),
    });
    return ok({
      ...rows,
      toItems: async (sessions) =>
        sessions.map((each) => ({ ...each, isCurrent: each.id === caller.sessionId, endsAt: idleEndOf(each) })),
    });
  }),

  handle(api.endSession, ({ ctx, params, caller }) => {
    const ofOperator = covers(caller.scopes, "operators:write") ? null : caller.operatorId;
    return endSession(ctx, params.sessionId, ofOperator, "revoked");
  }),
];

/** A link in a mail is signed and names what it opens; one that was told is only kept as a hash. */
function welcomeKey({ services }: RequestInput, code: string): LinkKey {
  if (!code.includes(".")) return { codeHash: hashSecret(code) };
  return { linkId: services.links.open("welcome", code)?.subjectId ?? "" };
}

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

/** Whose sessions are listed: null is everybody's. Whoever may not read others' finds only their own. */
function sessionsOf(caller: Caller, wish: { operatorId?: string; everyone: boolean }): string | null {
  const wanted = wish.everyone ? null : (wish.operatorId ?? caller.operatorId);
  if (covers(caller.scopes, "operators:read") || wanted === caller.operatorId) return wanted;
  return wanted === null ? caller.operatorId : NOBODY.operatorId;
}
