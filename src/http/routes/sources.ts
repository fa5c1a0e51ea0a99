import * as api from "../../api/sources.ts";
import { ok } from "../../lib/result.ts";
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
];
