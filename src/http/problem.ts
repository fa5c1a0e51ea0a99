import type { FastifyReply } from "fastify";
import { PROBLEM_TYPE, type FieldError, type Problem } from "../api/problems.ts";
import { Fault } from "../lib/errors.ts";
import { StoreFailure } from "../store/database.ts";

/** What a refused request is told; everything but the id of the request. */
export interface ProblemDraft {
  status: number;
  code: string;
  detail: string;
  errors?: readonly FieldError[];
}

/** Thrown while a request is read, before its handler runs; the edge turns it into a problem. */
export class RequestProblem extends Error {
  readonly draft: ProblemDraft;
  readonly headers: Record<string, string>;

  constructor(draft: ProblemDraft, headers: Record<string, string> = {}) {
    super(draft.detail);
    this.name = new.target.name;
    this.draft = draft;
    this.headers = headers;
  }
}

const TITLES: Record<number, string> = {
  400: "The request is not right",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Not a method of this path",
  409: "Not possible in this state",
  410: "Gone",
  412: "Changed meanwhile",
  413: "Too large",
  414: "Too long",
  415: "Not a kind of content this takes",
  422: "Cannot be done",
  428: "If-Match is needed",
  429: "Too many requests",
  431: "Too large",
  500: "Failed",
  502: "The source failed",
  503: "Not available now",
};

/** A name and not a place (RFC 9457 §3.1.1): an installation has no page that the world could open. */
const TYPE_BASE = "urn:usher:problem:";

export function problemOf(draft: ProblemDraft, requestId: string): Problem {
  return {
    type: TYPE_BASE + draft.code,
    title: TITLES[draft.status] ?? "Failed",
    status: draft.status,
    code: draft.code,
    detail: draft.detail,
    errors: [...(draft.errors ?? [])],
    requestId,
  };
}

export function sendProblem(reply: FastifyReply, draft: ProblemDraft): FastifyReply {
  const body = JSON.stringify(problemOf(draft, reply.request.id));
  return reply.code(draft.status).header("content-type", PROBLEM_TYPE).header("cache-control", "no-store").send(body);
}

/** SQLSTATE classes that mean "not now": connection, resources, shut-down. */
const NOT_NOW = /^(08|53|57)/;

/**
 * What was thrown, for whoever made the request. A Fault brings its own public words; of anything else nothing is told
 * but the request's id, under which the log has the rest.
 */
export function draftOf(thrown: unknown): ProblemDraft {
  if (thrown instanceof RequestProblem) return thrown.draft;
  if (thrown instanceof Fault) return { status: statusOf(thrown), code: thrown.code, detail: thrown.publicMessage };
  return frameworkDraft(thrown) ?? INTERNAL;
}

const INTERNAL: ProblemDraft = {
  status: 500,
  code: "internal",
  detail: "Something failed here that should not have. The log of this installation has it under the request id.",
};

function statusOf(fault: Fault): number {
  if (fault instanceof StoreFailure) return fault.sqlState === null || NOT_NOW.test(fault.sqlState) ? 503 : 500;
  return fault.code.startsWith("source.") ? 502 : 500;
}

/** Fastify refuses some requests by itself; its codes are in node_modules/fastify/docs/Reference/Errors.md. */
const FRAMEWORK: Record<string, Omit<ProblemDraft, "status">> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported-content-type",
    detail: "The body has a content type that this API does not take.",
    errors: [
      {
        field: "header.content-type",
        what: "is not taken here",
        expected: "application/json, or text/csv for an import",
      },
    ],
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: "body-too-large", detail: "The body is larger than one mebibyte." },
  FST_ERR_BAD_URL: { code: "bad-url", detail: "The path is not valid percent-encoding." },
};

function frameworkDraft(thrown: unknown): ProblemDraft | null {
  if (!(thrown instanceof Error) || !("statusCode" in thrown)) return null;
  const status = Number(thrown.statusCode);
  if (!(status >= 400 && status < 500)) return null;
  const known = FRAMEWORK["code" in thrown ? String(thrown.code) : ""];
  return { status, ...(known ?? { code: "bad-request", detail: "The request could not be read." }) };
}
