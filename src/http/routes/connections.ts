import * as api from "../../api/connections.ts";
import { archiveConnection } from "../../commands/connections/archive-connection.ts";
import { changeConnection } from "../../commands/connections/change-connection.ts";
import { createConnection } from "../../commands/connections/create-connection.ts";
import { pauseConnection } from "../../commands/connections/pause-connection.ts";
import { publishConnection } from "../../commands/connections/publish-connection.ts";
import { removeSite } from "../../commands/connections/remove-site.ts";
import { removeWantedSite } from "../../commands/connections/remove-wanted-site.ts";
import { resumeConnection } from "../../commands/connections/resume-connection.ts";
import { ok, refuse } from "../../lib/result.ts";
import { connectionList, findConnection } from "../../store/connections.ts";
import { listCredentials } from "../../store/credentials.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { detailOf, needsOf } from "../connection-detail.ts";

export const connectionHandlers = [
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

  handleList(api.listConnections, async ({ query }) =>
    ok(connectionList({ states: query.state ?? null, text: query.q ?? null })),
  ),

  handle(api.getConnection, async ({ reader, params, services }) => {
    const connection = await findConnection(reader, params.connectionId);
    return connection ? ok(await detailOf(reader, services, connection)) : refuse("no-such-connection");
  }),

  handle(api.createConnection, async ({ ctx, body, reader, services }) => {
    const made = await createConnection(ctx, body);
    return made.ok ? ok(await detailOf(reader, services, made.value)) : made;
  }),

  handle(api.changeConnection, async ({ ctx, params, body, ifMatch, reader, services }) => {
    const needs = await needsOf(reader, services, params.connectionId);
    const changed = await changeConnection(ctx, params.connectionId, ifMatch, body, needs);
    return changed.ok ? ok(await detailOf(reader, services, changed.value)) : changed;
  }),

  handle(api.checkConnection, async ({ ctx, params, reader, services, signal }) => {
    const checked = await services.connect.check(ctx.actor, params.connectionId, signal);
    if (!checked.ok) return checked;
    const connection = await findConnection(reader, params.connectionId);
    return connection ? ok({ ...checked.value, state: connection.state }) : refuse("no-such-connection");
  }),

  handle(api.proveWrites, ({ ctx, params, services, signal }) =>
    services.connect.proveWrites(ctx.actor, params.connectionId, params.siteId, signal),
  ),

  handle(api.publishConnection, async ({ ctx, params, reader, services }) => {
    const published = await publishConnection(ctx, params.connectionId);
    return published.ok ? ok(await detailOf(reader, services, published.value)) : published;
  }),

  handle(api.pauseConnection, async ({ ctx, params, reader, services }) => {
    const paused = await pauseConnection(ctx, params.connectionId);
    return paused.ok ? ok(await detailOf(reader, services, paused.value)) : paused;
  }),

  handle(api.resumeConnection, async ({ ctx, params, reader, services }) => {
    const resumed = await resumeConnection(ctx, params.connectionId);
    return resumed.ok ? ok(await detailOf(reader, services, resumed.value)) : resumed;
  }),

  handle(api.archiveConnection, async ({ ctx, params, reader, services }) => {
    const credentials = await listCredentials(reader, params.connectionId);
    const archived = await archiveConnection(ctx, params.connectionId);
    if (!archived.ok) return archived;
    for (const { id } of credentials) services.connect.forget(id);
    return ok(await detailOf(reader, services, archived.value));
  }),

  handle(api.listReachableSites, async ({ params, services, signal }) => {
    const reached = await services.connect.listReachableSites(params.connectionId, signal);
    return reached.ok ? ok({ items: reached.value.sites, problems: reached.value.problems }) : reached;
  }),

  handle(api.addSite, ({ ctx, params, body, services, signal }) =>
    services.connect.addSite(ctx.actor, params.connectionId, body.site, signal),
  ),

  handle(api.removeSite, ({ ctx, params }) => removeSite(ctx, params.connectionId, params.siteId)),

  handle(api.removeWantedSite, ({ ctx, params, query }) => removeWantedSite(ctx, params.connectionId, query.site)),
];
