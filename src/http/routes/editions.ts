import * as api from "../../api/editions.ts";
import { matchEditionIdentifier } from "../../commands/editions/match-edition-identifier.ts";
import { ok, refuse } from "../../lib/result.ts";
import { editionList, findEditionIdentifier, identifierList } from "../../store/editions/identifiers.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const editionHandlers = [
  handleList(api.listEditions, async () => ok(editionList())),

  handleList(api.listEditionIdentifiers, async ({ query }) => {
    const { state = null, source = null, siteId = null, connectionId = null, q: search = null } = query;
    return ok(identifierList({ state, source, siteId, connectionId, search }));
  }),

  handle(api.matchEditionIdentifier, async ({ ctx, params, body, reader }) => {
    const matched = await matchEditionIdentifier(ctx, params.identifierId, body.edition);
    if (!matched.ok) return matched;
    const identifier = await findEditionIdentifier(reader, params.identifierId);
    if (!identifier) return refuse("no-such-identifier");
    return ok({ identifier, changedSites: matched.value.sites, changedSeats: matched.value.seats });
  }),
];
