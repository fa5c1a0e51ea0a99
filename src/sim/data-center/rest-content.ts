import { CqlError, parseCql } from "../api/cql.ts";
import { Refused, type Reply } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { contentItem, type ContentItem } from "../world/content.ts";
import { baseUrl, type DataCenterCall, type DataCenterEndpoint, expands, page } from "./call.ts";
import { type Match, matches, spacesByNumber } from "./content-query.ts";
import { restError } from "./http.ts";
import { spaceJson, userJson } from "./json.ts";

export const contentEndpoints: readonly DataCenterEndpoint[] = [
  { method: "GET", template: "/rest/api/content/search", handle: searchContent },
  { method: "GET", template: "/rest/api/search", handle: search },
];

function searchContent(call: DataCenterCall): Reply {
  const { found } = find(call);
  const wanted = expands(call);
  return page(call, found, (each) => contentJson(call, itemOf(call, each), wanted), 25);
}

function search(call: DataCenterCall): Reply {
  const { found, cql } = find(call);
  const wanted = new Set(
    [...expands(call)].flatMap((each) => (each.startsWith("content.") ? [each.slice("content.".length)] : [])),
  );
  const more = { totalSize: found.length, cqlQuery: cql, searchDuration: 20, archivedResultCount: 0 };
  return page(call, found, (each) => hitJson(call, itemOf(call, each), wanted), 25, more);
}

function find(call: DataCenterCall): { found: Match[]; cql: string } {
  const cql = call.request.query.get("cql") ?? "";
  try {
    if (cql.trim() === "") throw new CqlError("cql is required");
    return { found: matches(call.dc, call.caller.user, parseCql(cql), cql, worldTime(call.sim)), cql };
  } catch (error) {
    if (error instanceof CqlError) throw new Refused(restError(400, `Could not parse cql : ${error.message}`));
    throw error;
  }
}

function itemOf({ dc }: DataCenterCall, match: Match): ContentItem {
  return typeof match === "number" ? contentItem(dc, match) : match;
}

function contentJson(call: DataCenterCall, item: ContentItem, wanted: ReadonlySet<string>) {
  const { id, type, title } = item;
  const space = spacesByNumber(call.dc).get(item.spaceNumber);
  const withHistory = [...wanted].some((each) => each === "history" || each.startsWith("history."));
  return {
    id,
    type,
    status: "current",
    title,
    ...(wanted.has("space") && space ? { space: spaceJson(call, space) } : {}),
    ...(withHistory ? { history: historyJson(call, item, wanted) } : {}),
    ...(wanted.has("version") ? { version: versionJson(call, item) } : {}),
    extensions: { position: "none" },
    _links: {
      webui: `/pages/viewpage.action?pageId=${id}`,
      tinyui: `/x/${id}`,
      self: `${baseUrl(call.sim, call.dc)}/rest/api/content/${id}`,
    },
    _expandable: Object.fromEntries(
      ["container", "metadata", "operations", "children", "restrictions", "ancestors", "body", "descendants"]
        .concat(["space", "version"].filter((each) => !wanted.has(each)))
        .concat(withHistory ? [] : ["history"])
        .map((each) => [each, ""]),
    ),
  };
}

function versionJson(call: DataCenterCall, item: ContentItem) {
  return {
    by: authorJson(call, item.editor),
    when: new Date(item.changedAt).toISOString(),
    message: "",
    number: item.version,
    minorEdit: false,
    hidden: false,
    _links: { self: `${baseUrl(call.sim, call.dc)}/rest/experimental/content/${item.id}/version/${item.version}` },
    _expandable: { content: `/rest/api/content/${item.id}` },
  };
}

function historyJson(call: DataCenterCall, item: ContentItem, wanted: ReadonlySet<string>) {
  const people = [...new Set([item.creator, item.editor])];
  return {
    latest: true,
    createdBy: authorJson(call, item.creator),
    createdDate: new Date(item.createdAt).toISOString(),
    ...(wanted.has("history.lastUpdated") ? { lastUpdated: versionJson(call, item) } : {}),
    ...(wanted.has("history.contributors")
      ? {
          contributors: {
            publishers: {
              users: people.map((each) => authorJson(call, each)),
              userKeys: people.map((each) => call.dc.users[each]?.userKey ?? ""),
            },
          },
        }
      : {}),
    _links: { self: `${baseUrl(call.sim, call.dc)}/rest/api/content/${item.id}/history` },
    _expandable: { previousVersion: "", nextVersion: "" },
  };
}

/** Whoever was deleted left the pages behind. */
function authorJson(call: DataCenterCall, index: number) {
  const user = call.dc.users[index];
  if (!user || user.isGone)
    return { type: "unknown", displayName: "Unknown User", username: "", userKey: user?.userKey ?? "" };
  return userJson(call, user);
}

function hitJson(call: DataCenterCall, item: ContentItem, wanted: ReadonlySet<string>) {
  const space = spacesByNumber(call.dc).get(item.spaceNumber);
  return {
    content: contentJson(call, item, wanted),
    title: item.title,
    excerpt: "",
    url: `/pages/viewpage.action?pageId=${item.id}`,
    resultGlobalContainer: { title: space?.name ?? "", displayUrl: `/display/${space?.key ?? ""}` },
    entityType: "content",
    iconCssClass: `icon-file-${item.type}`,
    lastModified: new Date(item.changedAt).toISOString(),
    friendlyLastModified: new Date(item.changedAt).toDateString(),
    _links: { base: baseUrl(call.sim, call.dc), context: call.dc.contextPath },
  };
}
