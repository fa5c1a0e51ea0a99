import { json, Refused, type Reply } from "../http.ts";
import { visibleSpaces } from "./access.ts";
import { type DataCenterCall, type DataCenterEndpoint, hasFault, page } from "./call.ts";
import { restError } from "./http.ts";
import { spaceJson } from "./json.ts";
import type { DataCenterSpace } from "./spaces.ts";

export const spaceEndpoints: readonly DataCenterEndpoint[] = [
  { method: "GET", template: "/rest/api/space", handle: listSpaces },
  { method: "GET", template: "/rest/api/space/{spaceKey}", handle: showSpace },
];

/** What the caller may not see is left out, and nothing says so. */
function listSpaces(call: DataCenterCall): Reply {
  const { query } = call.request;
  const keys = query.getAll("spaceKey");
  const [type, wantedStatus] = [query.get("type"), query.get("status")];
  const rows = seen(call).filter(
    (each) =>
      (keys.length === 0 || keys.includes(each.key)) &&
      (type === null || each.type === type) &&
      (wantedStatus === null || each.status === wantedStatus),
  );
  return page(call, rows, (each) => spaceJson(call, each), 25);
}

function showSpace(call: DataCenterCall): Reply {
  const key = call.params["spaceKey"];
  const found = seen(call).find((each) => each.key === key);
  if (!found) throw new Refused(restError(404, `No space with key : ${key}`));
  return json(spaceJson(call, found));
}

function seen(call: DataCenterCall): readonly DataCenterSpace[] {
  const spaces = visibleSpaces(call.dc, call.caller.user);
  const weaker = hasFault(call, "weaker-credential");
  const every = weaker?.amount ?? 2;
  return weaker ? spaces.filter((_, index) => index % every !== every - 1) : spaces;
}
