import * as api from "../../api/detected-groups.ts";
import { handle } from "../route.ts";

export const detectedGroupHandlers = [
  handle(api.listDetectedGroups, ({ params, services, signal }) =>
    services.connect.detectGroups(params.connectionId, params.siteId, signal),
  ),

  handle(api.decideDetectedGroups, ({ ctx, params, body, services, signal }) =>
    services.connect.decideDetectedGroups(ctx.actor, params.connectionId, params.siteId, body.drop, signal),
  ),
];
