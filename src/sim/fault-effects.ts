import { applyChanges } from "./control/changes.ts";
import type { FaultRule } from "./faults.ts";
import { html, redirect, type Reply, type SimRequest, status, v1Error } from "./http.ts";
import type { Simulation } from "./simulation.ts";

/** An answer given before any endpoint was asked; null drops the connection. */
export interface Interruption {
  reply: Reply | null;
}

/** How a connection ends that gets no answer: in order, with a reset, or after a silence of `waitMs`. */
export interface Ending {
  kind: "closed" | "reset";
  waitMs: number;
}

/** Longer than a client waits. */
const HANG_MS = 120_000;

export function endingOf(faults: readonly FaultRule[]): Ending {
  const hang = faults.find(({ kind }) => kind === "hang-before" || kind === "hang-after");
  const isReset = faults.some(({ kind }) => kind === "reset-before" || kind === "reset-after");
  return { kind: isReset ? "reset" : "closed", waitMs: hang ? (hang.ms ?? HANG_MS) : 0 };
}

/** What strikes before anything is done. */
export function beforeFaults(sim: Simulation, faults: readonly FaultRule[]): Interruption | null {
  for (const fault of faults) {
    const interruption = interrupt(sim, fault);
    if (interruption) return interruption;
  }
  return null;
}

function interrupt(sim: Simulation, fault: FaultRule): Interruption | null {
  switch (fault.kind) {
    case "status":
      return { reply: { ...status(fault.status ?? 500, fault.body), headers: lowerCase(fault.headers) } };
    case "drop-before":
    case "reset-before":
    case "hang-before":
      return { reply: null };
    case "html":
      return {
        reply: html(
          fault.status ?? 200,
          "<!doctype html><html><head><title>Atlassian</title></head><body>One moment please</body></html>",
        ),
      };
    case "login-redirect":
      return { reply: redirect(`${sim.url}/auth/login?continue=%2Fwiki`) };
    case "ip-allowlist":
      return { reply: status(403, { code: 403, message: "Your IP address is not on the organization's allowlist" }) };
    case "scope-missing":
      return { reply: status(401, { code: 401, message: "Unauthorized; scope does not match" }) };
    case "bad-token":
      return { reply: status(401, "Client must be authenticated to access this resource.") };
    case "no-site-access":
      return { reply: status(403, "Current user not permitted to use Confluence") };
    case "expire-token":
      sim.oauth.expireAccessTokens();
      return { reply: status(401, { code: 401, message: "Unauthorized" }) };
    case "revoke-refresh-tokens":
      sim.oauth.revokeRefreshTokens();
      return null;
    case "change-before":
      applyChanges(sim, fault.changes ?? []);
      return null;
    default:
      return null;
  }
}

/** What strikes after the endpoint has answered, and so after it has changed what it was asked to change. */
export function afterFaults(
  sim: Simulation,
  faults: readonly FaultRule[],
  request: SimRequest,
  reply: Reply,
): Reply | null {
  let changed: Reply | null = reply;
  for (const fault of faults) if (changed) changed = spoil(sim, fault, request, changed);
  return changed;
}

function spoil(sim: Simulation, fault: FaultRule, request: SimRequest, reply: Reply): Reply | null {
  switch (fault.kind) {
    case "drop-after":
    case "reset-after":
    case "hang-after":
      return null;
    case "status-after":
      return { ...status(fault.status ?? 500, fault.body), headers: lowerCase(fault.headers) };
    case "change-after":
      applyChanges(sim, fault.changes ?? []);
      return reply;
    case "truncate-json":
      return { ...reply, body: reply.body.slice(0, Math.max(1, Math.floor(reply.body.length * 0.6))) };
    case "endless-cursor":
      return withNext(reply, () => `${relativePath(request)}?${withCursor(request, "endless")}`);
    case "foreign-next":
      return withNext(reply, (next) => foreign(next === "" ? relativePath(request) : next));
    case "empty-page-with-next":
      return withRows(
        withNext(reply, (next) => (next === "" ? `${relativePath(request)}?${request.query.toString()}` : next)),
        [],
      );
    case "empty-page":
      return withRows(
        withNext(reply, () => null),
        [],
      );
    case "missing-email":
      return { ...reply, body: reply.body.replaceAll(/"email":"[^"]*",/g, "") };
    case "bad-cursor":
      return request.path.startsWith("/wiki/rest/api/") && request.query.has("cursor")
        ? v1Error(400, "The cursor is not valid")
        : reply;
    default:
      return reply;
  }
}

/** Absolute links keep their path and query, on another host. */
function foreign(link: string): string {
  const { pathname, search } = new URL(link, "https://attacker.example");
  return `https://attacker.example${pathname}${search}`;
}

/** v1 links leave the context out, v2 links keep it (FACTS §1). */
function relativePath({ path }: SimRequest): string {
  return path.startsWith("/wiki/rest/") ? path.slice("/wiki".length) : path;
}

/** A cursor that leads back to the same page, for ever. */
function withCursor({ query }: SimRequest, marker: string): string {
  const parameters = new URLSearchParams(query);
  parameters.set("sim", marker);
  return parameters.toString();
}

/** `change` gets the present link or ""; null takes it away. An answer that is not a page stays as it is. */
function withNext(reply: Reply, change: (next: string) => string | null): Reply {
  const body = pageOf(reply);
  if (!body) return reply;
  // The auditing API of Data Center has its links apart (FACTS §10).
  const [name, field] =
    "pagingInfo" in body ? ["pagingInfo", "nextPageLink"] : ["_links" in body ? "_links" : "links", "next"];
  const links: Record<string, unknown> = { ...Object(body[name]) };
  const present = links[field];
  const next = change(typeof present === "string" ? present : "");
  if (next === null) delete links[field];
  else links[field] = next;
  const headers = { ...reply.headers };
  delete headers["link"];
  return { ...reply, headers, body: JSON.stringify({ ...body, [name]: links }) };
}

function withRows(reply: Reply, rows: readonly unknown[]): Reply {
  const body = pageOf(reply);
  if (!body) return reply;
  const name = ["results", "data", "entities"].find((each) => each in body) ?? "data";
  const size = "size" in body ? { size: rows.length } : {};
  return { ...reply, body: JSON.stringify({ ...body, [name]: rows, ...size }) };
}

function pageOf(reply: Reply): Record<string, unknown> | null {
  if (reply.status !== 200 || !reply.body.startsWith("{")) return null;
  const body: unknown = JSON.parse(reply.body);
  const isPage =
    typeof body === "object" && body !== null && ["results", "data", "entities"].some((each) => each in body);
  return isPage ? { ...body } : null;
}

function lowerCase(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
