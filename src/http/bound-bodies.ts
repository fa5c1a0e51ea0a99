import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Within which a body has to come: a client that is slow on purpose holds a socket, not the server. */
export const BODY_MS_MAX = 60_000;
/** A file is as large as it is, and read no faster than the database takes it. */
export const FILE_MS_MAX = 3_600_000;

/**
 * Node knows one limit for every request, which has to be a file's (`FILE_MS_MAX`). Any other body, and the rest of one
 * that was answered already, has `bodyMsMax`; a file may take its time as long as it goes on.
 */
export function boundBodies(
  app: FastifyInstance,
  { bodyMsMax, stalledMsMax }: { bodyMsMax: number; stalledMsMax: number },
): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  const settle = (request: FastifyRequest) => clearTimeout(timers.get(request));
  const endLater = (request: FastifyRequest) => {
    settle(request);
    timers.set(request, setTimeout(() => request.raw.destroy(), bodyMsMax).unref());
    request.raw.once("end", () => settle(request));
  };
  app.addHook("preParsing", async (request: FastifyRequest, reply: FastifyReply, payload) => {
    if (isFile(request)) reply.raw.setTimeout(stalledMsMax, () => reply.raw.destroy());
    else endLater(request);
    return payload;
  });
  app.addHook("preValidation", async (request) => settle(request));
  app.addHook("onResponse", async (request) => {
    if (request.raw.complete) settle(request);
    else endLater(request);
  });
}

function isFile({ headers }: FastifyRequest): boolean {
  return /^(text\/csv|application\/octet-stream)\b/.test(headers["content-type"] ?? "");
}
