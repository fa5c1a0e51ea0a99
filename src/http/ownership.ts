import type { FastifyRequest } from "fastify";
import type { AnyRoute } from "../api/contract.ts";
import { covers } from "../model/scopes.ts";
import {
  findConnectionOfJob,
  findConnectionOfRun,
  ownsConnection,
  ownsConnections,
} from "../store/connection-owners.ts";
import type { Reader } from "../store/database.ts";
import { RequestProblem } from "./problem.ts";
import type { Caller } from "./route.ts";

/** What of a connection a request is about: the connection itself, one of its runs or jobs, or none that it names. */
type Subject = { kind: "connection" | "run" | "job"; connectionId: string | null };

/** Routes that an owner of any connection may ask, whichever it is: what they show is not of a connection, or only of theirs. */
const FOR_EVERY_OWNER: readonly string[] = ["connections.list", "sources.list"];

/**
 * Whether a caller whose roles do not allow the request may do it as owner of the connection that it is about: whoever
 * owns a connection reads and changes it with its runs and jobs. Throws a RequestProblem 404 where they own others, but
 * not this one: then it is not there for them. A token does not reach further by it than its own scopes.
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
  if (subject.connectionId !== null && (await ownsConnection(reader, email, subject.connectionId))) return true;
  const detail = `There is no such ${subject.kind}.`;
  throw new RequestProblem({ status: 404, code: `no-such-${subject.kind}`, detail });
}

/** Null: the request is about no connection, or about all. It is not checked yet, so anything may stand in it. */
async function subjectOf(reader: Reader, route: AnyRoute, request: FastifyRequest): Promise<Subject | null> {
  const { connectionId, runId, jobId } = request.params as Record<string, unknown>;
  if (route.path.startsWith("/connections/")) return { kind: "connection", connectionId: idIn(connectionId) };
  if (route.path.startsWith("/runs/")) {
    const id = idIn(runId);
    return { kind: "run", connectionId: id && (await findConnectionOfRun(reader, id)) };
  }
  if (route.path.startsWith("/jobs/")) {
    const id = idIn(jobId);
    return { kind: "job", connectionId: id && (await findConnectionOfJob(reader, id)) };
  }
  const part = NAMED_BY[route.id];
  const named = part && (request[part] as { connectionId?: unknown } | null | undefined)?.connectionId;
  return named === undefined ? null : { kind: "connection", connectionId: idIn(named) };
}

function idIn(value: unknown): string | null {
  return typeof value === "string" && /^[a-z]+_[0-9a-z]{12}$/.test(value) ? value : null;
}

/** Routes that name the connection beside their path. */
const NAMED_BY: Readonly<Record<string, "query" | "body">> = {
  "runs.list": "query",
  "runs.request": "body",
  "jobs.list": "query",
};
