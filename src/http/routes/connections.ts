import * as api from "../../api/connections.ts";
import { changeConnection } from "../../commands/connections/change-connection.ts";
import { createConnection } from "../../commands/connections/create-connection.ts";
import { ok, refuse } from "../../lib/result.ts";
import { nextTime, parseCron } from "../../lib/cron.ts";
import { connectionList, type ListedRow, toListed } from "../../store/connection-list.ts";
import { findConnection } from "../../store/connections.ts";
import { findOperator } from "../../store/operators.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { detailOf, needsOf } from "../connection-detail.ts";

export const connectionHandlers = [
  handleList(api.listConnections, async ({ query, reader, caller, ctx, ownedBy }) => {
    const own = query.mine ? ((await findOperator(reader, caller.operatorId))?.email ?? NOBODY) : null;
    const rows = connectionList({
      states: query.state ?? null,
      healths: query.health ?? null,
      mode: query.mode ?? null,
      source: query.source ?? null,
      owners: [own, query.owner ?? null, ownedBy].filter((each) => each !== null).map((each) => each.toLowerCase()),
      siteId: query.siteId ?? null,
      text: query.q ?? null,
    });
    return ok({ ...rows, toItems: (found: ListedRow[]) => found.map((row) => withNextRun(row, ctx.clock.now())) });
  }),

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

/** An e-mail that nobody has: a service account owns nothing. */
const NOBODY = "";

function withNextRun(row: ListedRow, now: Date) {
  const { crons, ...connection } = toListed(row);
  const times = crons.map((each) => parseCron(each)).map((cron) => cron && nextTime(cron, now));
  const sorted = times.filter((each) => each !== null).sort((one, other) => one.getTime() - other.getTime());
  return { ...connection, nextRunAt: sorted[0] ?? null };
}
