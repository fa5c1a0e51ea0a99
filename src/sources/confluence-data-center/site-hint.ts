import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SiteHint, SiteNotUnderstood } from "../source.ts";

/** First parts of paths below the context path. What stands before the first of them is the context path. */
const OF_CONFLUENCE = new Set([
  "admin",
  "browse",
  "collector",
  "dashboard",
  "display",
  "download",
  "images",
  "label",
  "labels",
  "pages",
  "people",
  "plugins",
  "questions",
  "rest",
  "rpc",
  "s",
  "search",
  "secure",
  "setup",
  "spaces",
  "synchrony",
  "users",
  "x",
]);

/** Understands an instance by its address or by that of any page; a context path before the page is kept. */
export function understandSite(text: string): Result<SiteHint, SiteNotUnderstood> {
  const typed = text.trim();
  if (typed === "") return notUnderstood("Nothing was typed.");
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const url = URL.parse(hasScheme ? typed : `https://${typed}`);
  if (!url || !/^https?:$/.test(url.protocol) || /\s/.test(typed))
    return notUnderstood(`"${typed}" is not an address.`);
  if (url.username !== "" || url.password !== "") {
    return notUnderstood(`"${url.host}" was typed with a user name or looks like an e-mail address.`);
  }
  if (/\.atlassian\.net$/i.test(url.hostname)) {
    return notUnderstood(
      `"${url.hostname}" is a site of Confluence Cloud, which needs a connection with the source confluence-cloud.`,
    );
  }
  return ok({ typed, siteName: null, baseUrl: `${url.origin}${contextPathOf(url.pathname)}`, cloudId: null });
}

function contextPathOf(pathname: string): string {
  const parts = pathname.split("/").filter((each) => each !== "");
  const page = parts.findIndex((each) => OF_CONFLUENCE.has(each.toLowerCase()) || /\.action$/i.test(each));
  const context = page < 0 ? parts : parts.slice(0, page);
  return context.map((each) => `/${each}`).join("");
}

/** The key by which a site is known: `URL` has put scheme and host in lower case and dropped a default port. */
export function sourceKeyOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** Host and context path: the only name that the API gives an instance. */
export function nameOfSite(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname}`.replace(/\/+$/, "");
}

function notUnderstood(what: string): { ok: false; error: SiteNotUnderstood } {
  const message = `${what} Type the address of Confluence with its context path, if it has one (https://wiki.acme.example/confluence), or the URL of any of its pages.`;
  return refuse({ code: "site-not-understood", message });
}
