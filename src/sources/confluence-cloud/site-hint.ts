import { ok, refuse, type Result } from "../../lib/result.ts";
import type { AtlassianHosts } from "../atlassian/hosts.ts";
import type { SiteHint, SiteNotUnderstood } from "../source.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const SITE_NAME = "[a-z0-9][a-z0-9-]{0,62}";
const PLACEHOLDER = "usher-site-name";

/** Understands a site as people have it at hand: its name, its address, any page, its cloud id, the gateway's URL. */
export function understandSite(hosts: AtlassianHosts, text: string): Result<SiteHint, SiteNotUnderstood> {
  const typed = text.trim();
  if (typed === "") return notUnderstood("Nothing was typed.");
  const nothing: SiteHint = { typed, siteName: null, baseUrl: null, cloudId: null };
  const named = (siteName: string): Result<SiteHint, SiteNotUnderstood> =>
    ok({ ...nothing, siteName: siteName.toLowerCase(), baseUrl: hosts.siteUrl(siteName.toLowerCase()) });

  if (matches(`^${UUID}$`, typed)) return ok({ ...nothing, cloudId: typed.toLowerCase() });
  if (matches(`^${SITE_NAME}$`, typed)) return named(typed);
  if (typed.includes("@")) return notUnderstood(`"${typed}" looks like an e-mail address or carries a password.`);

  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (!url || !/^https?:$/.test(url.protocol)) return notUnderstood(`"${typed}" is not an address.`);
  const plain = `${url.origin}${url.pathname}`;

  const cloudId = cloudIdIn(hosts, url, plain);
  if (cloudId) {
    const organizationId = new RegExp(`/o/(${UUID})(?:/|$)`, "i").exec(url.pathname)?.[1]?.toLowerCase() ?? null;
    return ok({ ...nothing, cloudId, organizationId });
  }
  const [before = "", after = ""] = hosts
    .siteUrl(PLACEHOLDER)
    .split(PLACEHOLDER)
    .map((each) => RegExp.escape(each));
  const configured = new RegExp(`^${before}(${SITE_NAME})${after}(?:/|$)`, "i").exec(plain)?.[1];
  if (configured) return named(configured);
  const atlassian = new RegExp(`^(${SITE_NAME})\\.atlassian\\.net$`, "i").exec(url.hostname)?.[1];
  if (atlassian) return named(atlassian);
  return notUnderstood(`"${url.hostname}" is not the address of a Confluence Cloud site.`);
}

/** In the gateway's URL, in those of the administration pages, or as a parameter of other Atlassian pages. */
function cloudIdIn(hosts: AtlassianHosts, url: URL, plain: string): string | null {
  const below = (base: string, path: string) =>
    new RegExp(`^${RegExp.escape(base)}${path}(?:/|$)`, "i").exec(plain)?.[1];
  const found =
    below(hosts.apiUrl, `/ex/confluence/(${UUID})`) ??
    below("https://api.atlassian.com", `/ex/confluence/(${UUID})`) ??
    below("https://admin.atlassian.com", `/o/[^/]+/products/[^/]+/(${UUID})`) ??
    below("https://admin.atlassian.com", `/s/(${UUID})`) ??
    (/(^|\.)atlassian\.com$/i.test(url.hostname) ? url.searchParams.get("cloudId") : null);
  return found && matches(`^${UUID}$`, found) ? found.toLowerCase() : null;
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, "i").test(text);
}

function notUnderstood(what: string): { ok: false; error: SiteNotUnderstood } {
  const message = `${what} Type the site's name (acme), its address (acme.atlassian.net), the URL of any of its pages, or its cloud id.`;
  return refuse({ code: "site-not-understood", message });
}
