import { createToken, getToken, listTokens, revokeToken } from "../../api/tokens.ts";
import { createToken as create, type TokenOwner } from "../../commands/tokens/create-token.ts";
import { revokeToken as revoke } from "../../commands/tokens/revoke-token.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findToken, tokenRows } from "../../store/tokens.ts";
import { handleList } from "../lists.ts";
import { handle, type Caller } from "../route.ts";

export const tokenHandlers = [
  handleList(listTokens, async ({ query, caller, ctx }) =>
    ok(
      tokenRows({
        visibleTo: visibleOperator(caller),
        operatorId: query.operatorId ?? null,
        states: query.state ?? null,
        now: ctx.clock.now(),
      }),
    ),
  ),

  handle(getToken, async ({ reader, params, caller }) => {
    const token = await findToken(reader, params.tokenId);
    const operatorId = visibleOperator(caller);
    return token && (operatorId === null || token.operatorId === operatorId) ? ok(token) : refuse("no-such-token");
  }),

  handle(createToken, async ({ ctx, body, caller }) => {
    const { name, scopes, expiresInDays, serviceAccount, person } = body;
    if (serviceAccount !== undefined && person) return refuse("two-owners");
    const owner: TokenOwner = person
      ? { kind: "person", ...person }
      : serviceAccount === undefined
        ? { kind: "caller" }
        : { kind: "service-account", name: serviceAccount };
    return create(ctx, { name, scopes, expiresInDays, owner, heldScopes: caller.scopes });
  }),

  handle(revokeToken, ({ ctx, params, caller }) => revoke(ctx, params.tokenId, visibleOperator(caller))),
];

/** Whose tokens the caller may see: null is everybody's. */
function visibleOperator(caller: Caller): string | null {
  return caller.scopes.includes("*") ? null : caller.operatorId;
}
