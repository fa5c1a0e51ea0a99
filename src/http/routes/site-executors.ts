import * as api from "../../api/site-executors.ts";
import { chooseExecutor } from "../../commands/sites/choose-executor.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findSiteExecutor } from "../../store/plans/executors.ts";
import { findSite } from "../../store/sites.ts";
import { handle } from "../route.ts";

export const siteExecutorHandlers = [
  handle(api.getSiteExecutor, async ({ reader, params }) => {
    if (!(await findSite(reader, params.siteId))) return refuse("no-such-site");
    return ok(await findSiteExecutor(reader, params.siteId));
  }),

  handle(api.chooseSiteExecutor, ({ ctx, params, body, ifMatch }) =>
    chooseExecutor(ctx, { ...params, ...body }, ifMatch),
  ),
];
