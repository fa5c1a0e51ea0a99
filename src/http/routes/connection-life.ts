import * as api from "../../api/connection-life.ts";
import { archiveConnection } from "../../commands/connections/archive-connection.ts";
import { pauseConnection } from "../../commands/connections/pause-connection.ts";
import { publishConnection } from "../../commands/connections/publish-connection.ts";
import { resumeConnection } from "../../commands/connections/resume-connection.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findConnection } from "../../store/connections.ts";
import { listCredentials } from "../../store/credentials.ts";
import { handle } from "../route.ts";
import { detailOf, withMinutes } from "../connection-detail.ts";

export const connectionLifeHandlers = [
  handle(api.checkConnection, async ({ ctx, params, reader, services, signal }) => {
    const checked = await services.connect.check(ctx.actor, params.connectionId, signal);
    if (!checked.ok) return checked;
    const connection = await findConnection(reader, params.connectionId);
    return connection
      ? ok({ ...checked.value, sites: checked.value.sites.map(withMinutes), state: connection.state })
      : refuse("no-such-connection");
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
];
