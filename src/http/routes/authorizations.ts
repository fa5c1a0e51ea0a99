import * as api from "../../api/authorizations.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findOAuthAttempt } from "../../store/oauth-attempts.ts";
import { handle } from "../route.ts";

export const authorizationHandlers = [
  handle(api.startAuthorization, ({ ctx, params, body, services }) =>
    services.connect.startAuthorization(ctx.actor, params.connectionId, body.credentialId, body.capabilities, {
      returnTo: body.returnTo,
      consentLinkId: null,
    }),
  ),

  handle(api.getAuthorization, async ({ ctx, reader, params }) => {
    const attempt = await findOAuthAttempt(reader, params.connectionId, params.attemptId);
    if (!attempt) return refuse("no-such-attempt");
    // Also one that came back and was never worked off, because the process ended meanwhile.
    const isExpired = attempt.expiresAt <= ctx.clock.now();
    return ok({ ...attempt, state: attempt.outcome ?? (isExpired ? "expired" : "waiting") });
  }),
];
