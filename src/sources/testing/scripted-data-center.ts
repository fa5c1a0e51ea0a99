import { manualClock, type ManualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createSources } from "../index.ts";
import type { CredentialAccess, SiteSource, Source, SourceEvent } from "../source.ts";
import { credential, type ScriptedAnswer, type ScriptedRequest, scriptedServers } from "./scripted-atlassian.ts";

export const TOKEN = credential({ kind: "personal-access-token" });
/** The instance answers below this path; a test's answers see paths without it. */
const CONTEXT_PATH = "/confluence";

export interface OpenedInstance {
  source: Source;
  site: SiteSource;
  baseUrl: string;
  requests: ScriptedRequest[];
  events: SourceEvent[];
  clock: ManualClock;
}

type Answer = (request: ScriptedRequest, count: number) => ScriptedAnswer;

/** For a suite: opens an instance with a context path on a server that answers as the test says. */
export function scriptedInstances(): (
  answer: Answer,
  credentials?: readonly CredentialAccess[],
) => Promise<OpenedInstance> {
  const serve = scriptedServers();
  return async (answer, credentials = [TOKEN]) => {
    const server = await serve((request, count) => {
      if (!request.path.startsWith(`${CONTEXT_PATH}/`)) return { status: 404, text: "beside the context path" };
      return answer({ ...request, path: request.path.slice(CONTEXT_PATH.length) }, count);
    });
    const baseUrl = `${new URL(server.hosts.apiUrl).origin}${CONTEXT_PATH}`;
    const clock = manualClock(new Date("2026-03-04T05:06:07.000Z"));
    const events: SourceEvent[] = [];
    const source = createSources({ clock, random: () => 0.5 }).get("confluence-data-center");
    if (!source) throw new Error("There is no source for Data Center.");
    const site = source.open({
      site: { sourceKey: baseUrl, baseUrl, organizationId: null },
      credentials,
      concurrencyMax: 4,
      clock,
      log: silentLog,
      observe: (event) => events.push(event),
    });
    return { source, site, baseUrl, requests: server.requests, events, clock };
  };
}

/** A user as Data Center gives it. */
export function userOf(name: string, more: object = {}): object {
  return { type: "known", username: name, userKey: `key-${name}`, displayName: name.toUpperCase(), ...more };
}

export const NOT_FOUND_IN_DATA_CENTER: ScriptedAnswer = {
  status: 404,
  json: { statusCode: 404, message: "NotFoundException", reason: "Not Found" },
};

/** The rows from `start` on, at most `cap` at a time, with a next link that counts what was asked for. */
export function offsetRows(
  rows: readonly object[],
  { path, query }: ScriptedRequest,
  cap = Number.POSITIVE_INFINITY,
): ScriptedAnswer {
  const start = Number(query.get("start") ?? 0);
  const limit = Number(query.get("limit") ?? 25);
  const results = rows.slice(start, start + Math.min(limit, cap));
  const hasMore = start + results.length < rows.length;
  const next = hasMore ? { next: `${path}?start=${start + limit}&limit=${limit}` } : {};
  return { json: { results, start, limit, size: results.length, _links: { context: "/confluence", ...next } } };
}
