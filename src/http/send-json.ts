import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { AnyRoute } from "../api/contract.ts";
import { Fault } from "../lib/errors.ts";
import { RequestProblem } from "./problem.ts";
import type { Handler, Refusal, RequestInput } from "./route.ts";

/** Runs the handler and sends its answer as the contract says it looks. */
export async function sendJson(
  { route, answer }: Extract<Handler, { kind: "json" }>,
  input: RequestInput,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const outcome = await answer(input);
  if (!outcome.ok) throw refusalProblem(route, outcome.error);
  if (route.status === 204) return reply.code(204).send();
  const body = encode(route, route.answer, outcome.value);
  if (route.revisioned) reply.header("etag", etagOf(route, body));
  return reply.code(route.status).type("application/json; charset=utf-8").send(JSON.stringify(body));
}

/** The problem of a refusal, with the status and words that the route gives its code. */
export function refusalProblem(route: AnyRoute, refusal: Refusal<string>): RequestProblem {
  const { code, detail, errors } = typeof refusal === "string" ? { code: refusal } : refusal;
  const spec = route.refusals[code];
  if (!spec) throw new Error(`${route.id} refused with ${code}, which its contract does not name.`);
  return new RequestProblem({ status: spec.status, code, detail: detail ?? spec.says, errors: errors ?? [] });
}

/** The value as it goes over the wire; a value that breaks the contract is our fault and not sent. */
export function encode(route: AnyRoute, schema: z.ZodType, value: unknown): unknown {
  const encoded = schema.safeEncode(value);
  if (encoded.success) return encoded.data;
  const issues = encoded.error.issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Fault(`The answer of ${route.id} breaks its contract: ${issues.join("; ")}`, {
    code: "internal",
    publicMessage:
      "The answer could not be written as this API promises it. The log has the reason under the request id.",
    cause: encoded.error,
  });
}

function etagOf(route: AnyRoute, body: unknown): string {
  if (typeof body === "object" && body !== null && "revision" in body) return `"${body.revision}"`;
  throw new Error(`${route.id} is revisioned, but its answer has no revision.`);
}
