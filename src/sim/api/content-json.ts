import { asciiJson } from "../http.ts";
import { siteUrl, type Simulation } from "../simulation.ts";
import type { ContentItem } from "../world/content.ts";
import type { Space } from "../world/spaces.ts";
import { type SiteWorld, spaceOfNumber } from "../world/world.ts";
import { userJson } from "./v1-common.ts";

export function spaceOf(site: SiteWorld, item: ContentItem): Space | undefined {
  return spaceOfNumber(site, item.spaceNumber);
}

export function webPath(site: SiteWorld, item: ContentItem): string {
  return `/spaces/${spaceOf(site, item)?.key ?? ""}/pages/${item.id}`;
}

/**
 * A piece of content as Confluence v1 writes it; `wanted` is what `expand` names. Strings are added, not joined: a page
 * of 600 KB is then copied once, at the end.
 */
export function contentJson(sim: Simulation, site: SiteWorld, item: ContentItem, wanted: ReadonlySet<string>): string {
  const base = `${siteUrl(sim, site)}/wiki`;
  const { id, type } = item;
  let text = `{"id":"${id}","type":"${type}","status":"current","title":${JSON.stringify(item.title)}`;
  text += `,"ari":"ari:cloud:confluence:${site.cloudId}:${type}/${id}"`;
  if (wanted.has("space")) text += `,"space":${spaceJson(base, spaceOf(site, item))}`;
  if (wanted.has("version")) text += `,"version":${versionJson(sim, site, item, base)}`;
  if (wanted.has("history") || wanted.has("history.lastUpdated") || wanted.has("history.contributors")) {
    text += `,"history":${historyJson(sim, site, item, base, wanted)}`;
  }
  if (wanted.has("container")) text += `,"container":${containerJson(site, item, base)}`;
  text += `,"macroRenderedOutput":{},"extensions":{"position":0},"_expandable":${expandable(wanted)}`;
  const self = `${base}/rest/api/content/${id}`;
  return `${text},"_links":{"self":"${self}","webui":"${webPath(site, item)}","tinyui":"/x/${id}"}}`;
}

function versionJson(sim: Simulation, site: SiteWorld, item: ContentItem, base: string): string {
  const when = new Date(item.changedAt).toISOString();
  return `{"by":${userOf(sim, site, item.editor)},"when":"${when}","friendlyWhen":"${when.slice(0, 10)}","message":"","number":${item.version},"minorEdit":false,"contentTypeModified":false,"confRev":"confluence$content$${item.id}.${item.version}","syncRev":"0","syncRevSource":"synchrony","_expandable":{"collaborators":"","content":"/rest/api/content/${item.id}"},"_links":{"self":"${base}/rest/api/content/${item.id}/version/${item.version}"}}`;
}

function historyJson(
  sim: Simulation,
  site: SiteWorld,
  item: ContentItem,
  base: string,
  wanted: ReadonlySet<string>,
): string {
  const creator = userOf(sim, site, item.creator);
  let text = `{"latest":true,"createdBy":${creator},"ownedBy":${creator}`;
  text += `,"createdDate":"${new Date(item.createdAt).toISOString()}"`;
  const left = ["previousVersion", "nextVersion", "lastOwnedBy"];
  if (wanted.has("history.lastUpdated")) text += `,"lastUpdated":${versionJson(sim, site, item, base)}`;
  else left.push("lastUpdated");
  if (wanted.has("history.contributors")) text += `,"contributors":${contributorsJson(sim, site, item)}`;
  else left.push("contributors");
  text += `,"_expandable":{${left.map((each) => `"${each}":""`).join(",")}}`;
  return `${text},"_links":{"self":"${base}/rest/api/content/${item.id}/history"}}`;
}

function contributorsJson(sim: Simulation, site: SiteWorld, { creator, editor }: ContentItem): string {
  const people = [...new Set([creator, editor])];
  const keys = JSON.stringify(people.map((each) => site.people[each]?.id ?? ""));
  return `{"publishers":{"users":[${people.map((each) => userOf(sim, site, each)).join(",")}],"userKeys":${keys},"_links":{}}}`;
}

/** The document leaves a container open; these fields are those that the models of confluence.js 3.2 name. */
function containerJson(site: SiteWorld, item: ContentItem, base: string): string {
  const space = spaceOf(site, item);
  const [id, type, title, self] =
    item.containerId === null
      ? [space?.id ?? "", "space", space?.name ?? "", `${base}/rest/api/space/${encodeURIComponent(space?.key ?? "")}`]
      : [item.containerId, "page", `Page ${item.containerId}`, `${base}/rest/api/content/${item.containerId}`];
  return JSON.stringify({ id, type, status: "current", title, _expandable: {}, _links: { self } });
}

const spaceTexts = new WeakMap<Space, string>();

function spaceJson(base: string, space: Space | undefined): string {
  const known = space && spaceTexts.get(space);
  if (known !== undefined) return known;
  const text = spaceText(base, space);
  if (space) spaceTexts.set(space, text);
  return text;
}

function spaceText(base: string, space: Space | undefined): string {
  return asciiJson({
    id: Number(space?.id ?? 0),
    key: space?.key ?? "",
    alias: space?.key ?? "",
    name: space?.name ?? "",
    type: space?.type === "personal" ? "personal" : "global",
    status: space?.status ?? "current",
    _expandable: {
      settings: "",
      metadata: "",
      operations: "",
      lookAndFeel: "",
      permissions: "",
      icon: "",
      description: "",
      theme: "",
      history: "",
      homepage: "",
      identifiers: "",
    },
    _links: {
      self: `${base}/rest/api/space/${encodeURIComponent(space?.key ?? "")}`,
      webui: `/spaces/${space?.key ?? ""}`,
    },
  });
}

function userOf(sim: Simulation, site: SiteWorld, index: number): string {
  const account = site.people[index];
  return account ? userJson(sim, site, account, false) : "null";
}

const EXPANDABLE = [
  "childTypes",
  "container",
  "metadata",
  "operations",
  "children",
  "restrictions",
  "history",
  "ancestors",
  "body",
  "version",
  "descendants",
  "space",
];

/** What was not expanded; the same for every row of a page. */
function expandable(wanted: ReadonlySet<string>): string {
  const known = expandables.get(wanted);
  if (known !== undefined) return known;
  const left = EXPANDABLE.filter((each) => ![...wanted].some((name) => name === each || name.startsWith(`${each}.`)));
  const text = JSON.stringify(Object.fromEntries(left.map((each) => [each, ""])));
  expandables.set(wanted, text);
  return text;
}

const expandables = new WeakMap<ReadonlySet<string>, string>();
