import type { Simulator } from "./server.ts";
import type { SiteWorld } from "./world/world.ts";

/** What the tests of the simulator ask it with: nothing but HTTP. */
export interface Asker {
  /** On the site host, with a classic token of the admin unless told otherwise. */
  site(path: string, options?: AskOptions): Promise<Answer>;
  gateway(path: string, options: AskOptions): Promise<Answer>;
  organization(path: string, options?: AskOptions): Promise<Answer>;
  control(path: string, body?: unknown): Promise<Answer>;
}

export interface AskOptions {
  method?: string;
  body?: unknown;
  authorization?: string;
  siteName?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; tests name the fields that they look at. */
  json: Record<string, unknown>;
  results: Record<string, unknown>[];
  next: string | null;
}

export const ADMIN_TOKEN = basic("petra@acme.example", "sim-classic-token-of-petra");
export const READER_TOKEN = basic("rita@acme.example", "sim-classic-token-of-rita");
export const SCOPED_TOKEN = basic("petra@acme.example", "sim-scoped-token-of-petra");
export const GROUPS_TOKEN = basic("petra@acme.example", "sim-scoped-token-groups");
export const ORGANIZATION_KEY = "Bearer sim-organization-key";

export function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}`;
}

export function asker({ url, world }: Simulator): Asker {
  const ask = async (target: string, options: AskOptions, authorization: string): Promise<Answer> => {
    const headers = { authorization: options.authorization ?? authorization, "content-type": "application/json" };
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const response = await fetch(target, {
      method: options.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      body,
      redirect: "manual",
    });
    return readAnswer(response);
  };
  return {
    site: (path, options = {}) => ask(`${url}/site/${options.siteName ?? "acme"}/wiki${path}`, options, ADMIN_TOKEN),
    gateway: (path, options) =>
      ask(`${url}/api/ex/confluence/${cloudIdOf(world.sites, options.siteName)}/wiki${path}`, options, ""),
    organization: (path, options = {}) =>
      ask(`${url}/api/admin${path.replace("{orgId}", world.orgId)}`, options, ORGANIZATION_KEY),
    control: (path, body) => ask(`${url}/__sim${path}`, { body }, ""),
  };
}

function cloudIdOf(sites: readonly SiteWorld[], name = "acme"): string {
  return sites.find((each) => each.name === name)?.cloudId ?? "";
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: some answers are not, and the test that wants them looks at `text`.
  }
  const json = Object(body);
  const rows: unknown = json.results ?? json.data;
  const next: unknown = Object(json._links ?? json.links).next;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    results: Array.isArray(rows) ? rows : [],
    next: typeof next === "string" ? next : null,
  };
}

/** The site's own record of what is so. */
export function acmeOf({ world }: Simulator): SiteWorld {
  const [acme] = world.sites;
  if (!acme) throw new Error("The world has no site.");
  return acme;
}

export function labsOf({ world }: Simulator): SiteWorld {
  const labs = world.sites[1];
  if (!labs) throw new Error("The world has no second site.");
  return labs;
}
