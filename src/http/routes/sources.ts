import * as api from "../../api/sources.ts";
import { listOwnedConnections } from "../../store/connection-owners.ts";
import { ok, refuse } from "../../lib/result.ts";
import { ALWAYS_ON, chooseCapabilities, DEFAULT_CAPABILITIES } from "../../rules/connections.ts";
import { requirementsOf } from "../../rules/credential-requirements.ts";
import type { ConnectedSite } from "../../store/sites.ts";
import { handle } from "../route.ts";

export const sourceHandlers = [
  handle(api.listSources, async ({ services }) =>
    ok({
      items: services.connect.sources().map(({ kind, needs }) => ({
        kind,
        redirectUrl: services.connect.redirectUrl,
        capabilities: needs.map(({ capability, stores, scopes, role, lacks }) => ({
          capability,
          stores: [...stores],
          scopes: Object.fromEntries(Object.entries(scopes).map(([credential, each]) => [credential, [...each]])),
          role,
          lacks: { ...lacks },
        })),
      })),
    }),
  ),

  handle(api.listRequirements, async ({ params, query, services }) => {
    const needs = services.connect.sources().find((each) => each.kind === params.source)?.needs;
    if (!needs) return refuse("source-not-offered");
    const chosen = chooseCapabilities(query.capabilities ?? DEFAULT_CAPABILITIES);
    if (!chosen.ok) return chosen;
    const concerned = needs.filter((each) => chosen.value.includes(each.capability));
    return ok({
      source: params.source,
      redirectUrl: services.connect.redirectUrl,
      capabilities: concerned.map(({ capability, stores, lacks }) => ({
        capability,
        stores: [...stores],
        lacks: { ...lacks },
        isAlwaysOn: capability === ALWAYS_ON,
      })),
      credentials: requirementsOf(needs, chosen.value),
    });
  }),

  handle(api.understandSite, async ({ body, services, reader, ownedBy }) => {
    const understood = await services.connect.understandTyped(body.typed);
    if (!understood.ok) return understood;
    const owned = ownedBy === null ? null : await listOwnedConnections(reader, ownedBy);
    const items = understood.value.map(({ known, ...each }) => ({ ...each, known: known && knownSite(known, owned) }));
    return ok({ items });
  }),
];

/** Whoever asks by owning connections is told of these, and of a site where one of them is. */
function knownSite({ id, name, baseUrl, health, connections }: ConnectedSite, owned: ReadonlySet<string> | null) {
  const told = connections.filter((each) => owned === null || owned.has(each.id));
  return owned !== null && told.length === 0 ? null : { siteId: id, name, baseUrl, health, connections: told };
}
