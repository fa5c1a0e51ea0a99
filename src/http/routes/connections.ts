import * as api from "../../api/connections.ts";
import { changeConnection } from "../../commands/connections/change-connection.ts";
import { createConnection } from "../../commands/connections/create-connection.ts";
import { ok, refuse } from "../../lib/result.ts";
import { connectionList, findConnection } from "../../store/connections.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { detailOf, needsOf } from "../connection-detail.ts";

export const connectionHandlers = [
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
];
