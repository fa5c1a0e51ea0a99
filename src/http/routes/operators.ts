import { getCaller, listOperators } from "../../api/operators.ts";
import { ok } from "../../lib/result.ts";
import { findOperator, operatorRows } from "../../store/operators.ts";
import { findToken } from "../../store/tokens.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const operatorHandlers = [
  handleList(listOperators, async ({ query }) => ok(operatorRows({ kinds: query.kind ?? null }))),

  handle(getCaller, async ({ reader, caller }) => {
    const [operator, token] = await Promise.all([
      findOperator(reader, caller.operatorId),
      findToken(reader, caller.tokenId),
    ]);
    if (!operator || !token) throw new Error("The caller's operator or token is gone within its own request.");
    return ok({ operator, tokenId: token.id, tokenName: token.name, scopes: token.scopes, expiresAt: token.expiresAt });
  }),
];
