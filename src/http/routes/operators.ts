import { getCaller, listOperators } from "../../api/operators.ts";
import { ok } from "../../lib/result.ts";
import { findOperator, operatorRows } from "../../store/operators.ts";
import { findSession } from "../../store/sign-in/sessions.ts";
import { findToken } from "../../store/tokens.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const operatorHandlers = [
  handleList(listOperators, async ({ query }) => ok(operatorRows({ kinds: query.kind ?? null }))),

  handle(getCaller, async ({ reader, caller }) => {
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
];
