import * as api from "../../api/operators.ts";
import { changeOperator } from "../../commands/operators/change-operator.ts";
import { createServiceAccount } from "../../commands/operators/create-service-account.ts";
import { endOperator } from "../../commands/operators/end-operator.ts";
import { type Invitation, type Inviter, invitePerson, resetOperator } from "../../commands/operators/invite-person.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findOperator, operatorRows } from "../../store/operators.ts";
import { findSession } from "../../store/sign-in/sessions.ts";
import { findToken } from "../../store/tokens.ts";
import { handleList } from "../lists.ts";
import { handle, type RequestInput } from "../route.ts";

export const operatorHandlers = [
  handleList(api.listOperators, async ({ query }) => {
    const { kind = null, state = null, role = null, q = null } = query;
    return ok(operatorRows({ kinds: kind, states: state, roles: role, text: q }));
  }),

  handle(api.getCaller, async ({ reader, caller }) => {
    const [operator, token, session] = await Promise.all([
      findOperator(reader, caller.operatorId),
      caller.tokenId === null ? null : findToken(reader, caller.tokenId),
      caller.sessionId === null ? null : findSession(reader, caller.sessionId),
    ]);
    const expiring = token ?? (session && { expiresAt: session.endsAt });
    if (!operator || !expiring) throw new Error("The caller is gone within its own request.");
    const { expiresAt } = expiring;
    const scopes = [...caller.scopes];
    return ok({ operator, tokenId: token?.id ?? null, tokenName: token?.name ?? null, scopes, expiresAt });
  }),

  handle(api.getOperator, async ({ reader, params }) => {
    const operator = await findOperator(reader, params.operatorId);
    return operator ? ok(operator) : refuse("no-such-operator");
  }),

  handle(api.invitePerson, async (input) => {
    const invited = await invitePerson(input.ctx, inviterOf(input), input.body);
    return invited.ok ? ok(invitationOf(input, invited.value)) : invited;
  }),

  handle(api.changeOperator, ({ ctx, caller, params, ifMatch, body }) =>
    changeOperator(ctx, caller.scopes, params.operatorId, ifMatch, body),
  ),

  handle(api.endOperator, ({ ctx, caller, params }) => endOperator(ctx, caller.scopes, params.operatorId)),

  handle(api.resetOperator, async (input) => {
    const reset = await resetOperator(input.ctx, inviterOf(input), input.params.operatorId);
    return reset.ok ? ok(invitationOf(input, reset.value)) : reset;
  }),

  handle(api.createServiceAccount, ({ ctx, body }) => createServiceAccount(ctx, body.name)),
];

function inviterOf({ caller, services }: RequestInput): Inviter {
  return { heldScopes: caller.scopes, isMailSet: services.isMailSet };
}

function invitationOf({ publicUrl }: RequestInput, { code, ...invitation }: Invitation) {
  return { ...invitation, url: code === null ? null : `${publicUrl}/welcome/${code}` };
}
