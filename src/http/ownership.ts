import type { FastifyRequest } from "fastify";
import type { AnyRoute } from "../api/contract.ts";
import { covers } from "../model/scopes.ts";
import {
  findConnectionOfJob,
  findConnectionOfResult,
  findConnectionOfRun,
  ownsConnection,
  ownsConnections,
  ownsConnectionOfSite,
} from "../store/connection-owners.ts";
import type { Reader } from "../store/database.ts";
import { RequestProblem } from "./problem.ts";
import type { Caller } from "./route.ts";

/** What of a connection a request is about: itself, one of its runs, jobs, results or sites, or none that it names. */
type Subject =
  | { kind: "connection" | "run" | "job" | "result"; connectionId: string | null }
  | { kind: "site"; siteId: string | null };

/** Routes that an owner of any connection may ask: what they show is not of a connection, or only of theirs. */
const FOR_EVERY_OWNER: readonly string[] = [
  "connections.list",
  "sources.list",
  "sources.requirements",
  "sources.understand-site",
];

/**
 * Whether a caller whose roles do not allow the request may do it as owner of the connection that it is about: whoever
 * owns a connection reads and changes it with its runs and jobs, and the groups that give a seat on its sites. Throws a
 * RequestProblem 404 where they own others, but not this one: then it is not there for them. A token does not reach
 * further by it than its own scopes.
 */
export async function isAllowedToOwner(
  reader: Reader,
  route: AnyRoute,
  request: FastifyRequest,
  { kind, email, held }: Caller,
): Promise<boolean> {
  const { scope } = route;
  if (kind !== "person" || email === null || scope === "public" || scope === "any-token") return false;
  if (!covers(held, scope) || !(await ownsConnections(reader, email))) return false;
  if (FOR_EVERY_OWNER.includes(route.id)) return true;
  const subject = await subjectOf(reader, route, request);
  if (subject === null) return false;
  if (await owns(reader, email, subject)) return true;
  const detail = `There is no such ${subject.kind}.`;
  throw new RequestProblem({ status: 404, code: `no-such-${subject.kind}`, detail });
}

async function owns(reader: Reader, email: string, subject: Subject): Promise<boolean> {
  if (subject.kind === "site")
    return subject.siteId !== null && (await ownsConnectionOfSite(reader, email, subject.siteId));
  return subject.connectionId !== null && (await ownsConnection(reader, email, subject.connectionId));
}

/** Null: the request is about no connection, or about all. It is not checked yet, so anything may stand in it. */
async function subjectOf(reader: Reader, route: AnyRoute, request: FastifyRequest): Promise<Subject | null> {
  const { connectionId, runId, jobId, resultId, siteId } = request.params as Record<string, unknown>;
  if (route.path.startsWith("/connections/")) return { kind: "connection", connectionId: idIn(connectionId) };
  if (route.path.startsWith("/runs/")) {
    const id = idIn(runId);
    return { kind: "run", connectionId: id && (await findConnectionOfRun(reader, id)) };
  }
  if (route.path.startsWith("/jobs/")) {
    const id = idIn(jobId);
    return { kind: "job", connectionId: id && (await findConnectionOfJob(reader, id)) };
  }
  if (route.path.startsWith("/job-results/")) {
    const id = idIn(resultId);
    return { kind: "result", connectionId: id && (await findConnectionOfResult(reader, id)) };
  }
  if (OF_A_SITE.includes(route.id)) return { kind: "site", siteId: idIn(siteId) };
  const part = NAMED_BY[route.id];
  const named = part && (request[part] as { connectionId?: unknown } | null | undefined)?.connectionId;
  return named === undefined ? null : { kind: "connection", connectionId: idIn(named) };
}

function idIn(value: unknown): string | null {
  return typeof value === "string" && /^[a-z]+_[0-9a-z]{12}$/.test(value) ? value : null;
}

/**
 * What of a site an owner of a connection to it may ask: setting the connection up includes them. Whether Usher may write
 * to a site, and by which connection, stays with those who have a role.
 */
const OF_A_SITE: readonly string[] = ["sites.get", "product-access-groups.list", "product-access-groups.decide"];

/** Routes that name the connection beside their path. */
const NAMED_BY: Readonly<Record<string, "query" | "body">> = {
  "job-results.list": "query",
  "runs.list": "query",
  "runs.request": "body",
  "jobs.list": "query",
};
