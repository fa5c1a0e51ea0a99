import { listConnectionTimeline } from "../../api/connection-timeline.ts";
import { ok, refuse } from "../../lib/result.ts";
import { timelineRows } from "../../store/connection-timeline.ts";
import { findConnection } from "../../store/connections.ts";
import { handleList } from "../lists.ts";

export const connectionTimelineHandlers = [
  handleList(listConnectionTimeline, async ({ reader, params, query }) => {
    if (!(await findConnection(reader, params.connectionId))) return refuse("no-such-connection");
    return ok(
      timelineRows({
        connectionId: params.connectionId,
        kind: query.kind ?? null,
        siteId: query.siteId ?? null,
        from: query.from === undefined ? null : new Date(query.from),
        until: query.until === undefined ? null : new Date(query.until),
      }),
    );
  }),
];
