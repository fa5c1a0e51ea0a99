import { Fault } from "../../lib/errors.ts";

/** Where Atlassian answers. Each may carry a path prefix, which every request and every `next` link keeps. */
export interface AtlassianHosts {
  /** OAuth authorization server: `/authorize` and `/oauth/token` lie below it. */
  authUrl: string;
  /** Gateway: `/ex/confluence/{cloudId}`, `/oauth/token/accessible-resources` and `/admin` lie below it. */
  apiUrl: string;
  /** The site's own host; `/wiki` and `/_edge/tenant_info` lie below it. */
  siteUrl(siteName: string): string;
}

export const ATLASSIAN_HOSTS: AtlassianHosts = {
  authUrl: "https://auth.atlassian.com",
  apiUrl: "https://api.atlassian.com",
  siteUrl: (siteName) => `https://${siteName}.atlassian.net`,
};

const NAME = "{name}";

/** Atlassian's own hosts, unless the environment names others (a simulator, a proxy that records). */
export function hostsFromEnvironment(environment: Record<string, string | undefined>): AtlassianHosts {
  const siteUrl = urlFrom(environment, "USHER_ATLASSIAN_SITE_URL");
  if (siteUrl !== null && !siteUrl.includes(NAME)) {
    throw wrongSetting("USHER_ATLASSIAN_SITE_URL", `must contain ${NAME}, where the site's name goes`);
  }
  return {
    authUrl: urlFrom(environment, "USHER_ATLASSIAN_AUTH_URL") ?? ATLASSIAN_HOSTS.authUrl,
    apiUrl: urlFrom(environment, "USHER_ATLASSIAN_API_URL") ?? ATLASSIAN_HOSTS.apiUrl,
    siteUrl: siteUrl === null ? ATLASSIAN_HOSTS.siteUrl : (siteName) => siteUrl.replace(NAME, siteName),
  };
}

function urlFrom(environment: Record<string, string | undefined>, variable: string): string | null {
  const text = environment[variable]?.trim();
  if (!text) return null;
  const parsed = URL.parse(text.replace(NAME, "name"));
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw wrongSetting(variable, `is "${text}", which is not an http or https URL`);
  }
  return text.replace(/\/+$/, "");
}

function wrongSetting(variable: string, why: string): Fault {
  const message = `${variable} ${why}.`;
  return new Fault(message, { code: "settings.invalid", publicMessage: message });
}
