import { getStatus } from "../../api/status.ts";
import { ok } from "../../lib/result.ts";
import { listProcesses } from "../../store/processes.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import { readStatus } from "../../store/status.ts";
import { handle } from "../route.ts";

export const statusHandlers = [
  handle(getStatus, async ({ ctx, reader, services }) => {
    const { version, database, startedAt } = services.installation;
    const [counts, processes, restored] = await Promise.all([
      readStatus(reader),
      listProcesses(reader),
      findRestoredCopy(reader),
    ]);
    const { isMailSet } = services;
    return ok({ isMailSet, version, database, startedAt, now: ctx.clock.now(), ...counts, restored, processes });
  }),
];
