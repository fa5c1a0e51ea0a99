import { decodeCursor, encodeCursor, json, listed, Refused, type Reply, v1Error } from "../http.ts";
import { type Endpoint, type SiteCall, worldTime } from "../simulation.ts";
import { contentItem, type ContentItem } from "../world/content.ts";
import { contentJson, spaceOf, webPath } from "./content-json.ts";
import { matches } from "./content-query.ts";
import { CqlError, parseCql } from "./cql.ts";
import { expands, limitOf, v1Links } from "./v1-common.ts";

const SEARCH = [["search:confluence"], ["read:content-details:confluence"]];
/** Rendered bodies cap a page at 25 (Atlassian, "Search content by CQL"); otherwise a fixed limit of the system. */
const PAGE_MAX = 200;
const RENDERED_PAGE_MAX = 25;

export const contentEndpoints: readonly Endpoint<SiteCall>[] = [
  { method: "GET", template: "/wiki/rest/api/content/search", scopes: SEARCH, handle: searchContent },
  { method: "GET", template: "/wiki/rest/api/search", scopes: SEARCH, handle: search },
];

function searchContent(call: SiteCall): Reply {
  const { page, offset, limit, hasMore } = findPage(call);
  const wanted = expands(call);
  const rows = page.map((each) => contentJson(call.sim, call.site, each, wanted));
  const links = v1Links(
    call,
    hasMore ? { next: "true", cursor: encodeCursor(offset + rows.length), limit: String(limit) } : null,
  );
  return json(
    `{"results":[${listed(rows)}],"start":${offset},"limit":${limit},"size":${rows.length},"_links":${links}}`,
    {
      objects: rows.length,
    },
  );
}

function search(call: SiteCall): Reply {
  const { page, offset, limit, hasMore, total } = findPage(call);
  const wanted = new Set(
    [...expands(call)].flatMap((each) => (each.startsWith("content.") ? [each.slice("content.".length)] : [])),
  );
  const rows = page.map((each) => searchHit(call, each, wanted));
  const links = v1Links(
    call,
    hasMore ? { next: "true", cursor: encodeCursor(offset + rows.length), limit: String(limit) } : null,
  );
  const cql = JSON.stringify(call.request.query.get("cql"));
  const body = `{"results":[${listed(rows)}],"start":${offset},"limit":${limit},"size":${rows.length},"totalSize":${total},"cqlQuery":${cql},"searchDuration":20,"archivedResultCount":0,"_links":${links}}`;
  return json(body, { objects: rows.length });
}

function searchHit(call: SiteCall, item: ContentItem, wanted: Set<string>): string {
  const { sim, site } = call;
  const space = spaceOf(site, item);
  const container = { title: space?.name ?? "", displayUrl: `/spaces/${space?.key ?? ""}` };
  const rest = {
    title: item.title,
    excerpt: "",
    url: webPath(site, item),
    resultGlobalContainer: container,
    breadcrumbs: [],
    entityType: "content",
    iconCssClass: `aui-icon content-type-${item.type}`,
    lastModified: new Date(item.changedAt).toISOString(),
    friendlyLastModified: new Date(item.changedAt).toDateString(),
    score: 0,
  };
  return `{"content":${contentJson(sim, site, item, wanted)},${JSON.stringify(rest).slice(1)}`;
}

interface Page {
  page: ContentItem[];
  offset: number;
  limit: number;
  hasMore: boolean;
  total: number;
}

function findPage(call: SiteCall): Page {
  const { sim, site, request, caller } = call;
  const cql = request.query.get("cql");
  if (cql === null || cql.trim() === "") throw new Refused(v1Error(400, "cql is required"));
  const rendered = [...expands(call)].some((each) => each.includes("export_view") || each.includes("styled_view"));
  const limit = limitOf(call, 25, rendered ? RENDERED_PAGE_MAX : PAGE_MAX);
  const cursor = request.query.get("cursor");
  const offset = cursor === null ? 0 : decodeCursor(cursor);
  if (offset === null) throw new Refused(v1Error(400, "The cursor is not valid"));

  const now = worldTime(sim);
  try {
    const numbers = matches(site, caller.account.index, parseCql(cql), cql, now);
    const page = numbers.slice(offset, offset + limit);
    return {
      page: page.map((each) => (typeof each === "number" ? contentItem(site, each) : each)),
      offset,
      limit,
      hasMore: offset + page.length < numbers.length && page.length > 0,
      total: numbers.length,
    };
  } catch (error) {
    if (error instanceof CqlError) throw new Refused(v1Error(400, `Could not parse cql : ${error.message}`));
    throw error;
  }
}
