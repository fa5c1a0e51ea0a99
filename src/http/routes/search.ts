import * as api from "../../api/search.ts";
import { ok, refuse } from "../../lib/result.ts";
import { covers, type Scope } from "../../model/scopes.ts";
import { readPasted } from "../../rules/resolve.ts";
import type { Reader } from "../../store/database.ts";
import { findByAddress, findPersonByEmail, type Resolved, resolveId } from "../../store/search/resolve.ts";
import { searchAll } from "../../store/search/search.ts";
import { handle, type Caller } from "../route.ts";

/** Of each kind. */
const FOUND_MAX = 5;

export const searchHandlers = [
  handle(api.search, async ({ query, reader, caller }) => {
    const [exact, found] = await Promise.all([
      resolve(reader, query.q, caller),
      searchAll(reader, query.q, { maySee: seenBy(caller), max: FOUND_MAX }),
    ]);
    return ok({ exact, found });
  }),

  handle(api.resolvePasted, async ({ query, reader, caller }) => {
    const found = await resolve(reader, query.q, caller);
    return found ? ok(found) : refuse("nothing-there");
  }),

  handle(api.resolveId, async ({ params, reader, caller }) => {
    const found = await resolve(reader, params.id, caller);
    return found ? ok(found) : refuse("nothing-there");
  }),
];

async function resolve(reader: Reader, typed: string, caller: Caller): Promise<Resolved | null> {
  const maySee = seenBy(caller);
  const pasted = readPasted(typed);
  if (pasted.kind === "id") return resolveId(reader, pasted, { operatorId: caller.operatorId, maySee });
  if (pasted.kind === "words" || !maySee("inventory:read")) return null;
  return pasted.kind === "email" ? findPersonByEmail(reader, pasted.email) : findByAddress(reader, pasted);
}

function seenBy(caller: Caller) {
  return (scope: Scope) => covers(caller.scopes, scope);
}
