import * as api from "../../api/actions.ts";
import { reportAction } from "../../commands/plans/report-action.ts";
import { ok, refuse } from "../../lib/result.ts";
import { actionList, findAction } from "../../store/plans/actions.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const actionHandlers = [
  handleList(api.listActions, async ({ query }) =>
    ok(
      actionList({
        planId: query.planId ?? null,
        siteId: query.siteId ?? null,
        states: query.state ?? null,
        waits: query.waits ?? null,
      }),
    ),
  ),

  handle(api.getAction, async ({ reader, params }) => {
    const action = await findAction(reader, params.actionId);
    return action ? ok(action) : refuse("no-such-action");
  }),

  handle(api.reportAction, ({ ctx, params, body }) => reportAction(ctx, { ...params, ...body })),
];
