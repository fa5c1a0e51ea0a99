import { getStatus } from "../../api/status.ts";
import { ok } from "../../lib/result.ts";
import { readStatus } from "../../store/status.ts";
import { handle } from "../route.ts";

export const statusHandlers = [
  handle(getStatus, async ({ ctx, reader, services }) => {
    const { version, database, startedAt } = services.installation;
    return ok({ version, database, startedAt, now: ctx.clock.now(), ...(await readStatus(reader)) });
  }),
];
