import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { fastifyCookie } from "@fastify/cookie";
import { fastifyHelmet } from "@fastify/helmet";
import { fastifyRateLimit } from "@fastify/rate-limit";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { API_PREFIX } from "../api/contract.ts";
import type { Context } from "../commands/context.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { authenticate, isAllowed, missingScope, NOBODY } from "./authenticate.ts";
import { BODY_MS_MAX, boundBodies, FILE_MS_MAX } from "./bound-bodies.ts";
import { addDocumentation } from "./documentation.ts";
import type { ServerOptions } from "./options.ts";
import { isAllowedToOwner } from "./ownership.ts";
import { draftOf, RequestProblem, sendProblem } from "./problem.ts";
import { readRequest } from "./read-request.ts";
import type { Caller, Handler, RequestInput } from "./route.ts";
import { handlers as allHandlers, pages as allPages } from "./routes.ts";
import { sessionCookieOf } from "./sign-in/cookie.ts";
import { refuseCrossSite } from "./sign-in/cross-site.ts";
import { sendFile } from "./send-file.ts";
import { sendEvents } from "./send-events.ts";
import { sendJson } from "./send-json.ts";
import { type ExportGate, sendList } from "./send-list.ts";
import { STALLED_MS_MAX } from "./send-pieces.ts";
import { type AnswerPage, serveWeb } from "./web/serve-web.ts";

/** No request of this API is larger than a few kibibytes; imports come as streams of their own. */
const BODY_BYTES_MAX = 1024 * 1024;
/** Refused tokens of one address in a minute, after which it is told to wait. A valid token is never held up. */
const FAILURES_PER_MINUTE = 30;

/**
 * The HTTP server, not yet listening: `await server.listen({ port, host })`, or `server.inject` in tests. `close()` ends
 * event streams, lets requests under way finish, and refuses new ones.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log } = options;
  const closing = new AbortController();
  const app = fastify({
    logger: false,
    genReqId: () => `req_${randomBytes(9).toString("base64url")}`,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200 },
    requestTimeout: FILE_MS_MAX,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply.header("x-request-id", request.id), draftOf(error)),
  });

  app.addHook("preClose", async () => closing.abort(new Error("The server is closing.")));
  app.addHook("onRequest", async (request, reply) => void reply.header("x-request-id", request.id));
  app.addHook("onSend", async (_request, reply) => {
    // Answered while closing: the connection must not be kept for a next request.
    if (closing.signal.aborted) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => logResponse(log, request, reply));
  app.setErrorHandler((error, request, reply) => refuseRequest(log, error, request, reply));
  let answerPage: AnswerPage = () => null;
  app.setNotFoundHandler((request, reply) => answerPage(request, reply) ?? sendProblem(reply, notFound(request)));
  boundBodies(app, {
    bodyMsMax: options.bodyMsMax ?? BODY_MS_MAX,
    stalledMsMax: options.stalledMsMax ?? STALLED_MS_MAX,
  });
  readJsonAndFiles(app);
  await app.register(fastifyHelmet, { contentSecurityPolicy: { useDefaults: false, directives: NO_CONTENT } });
  await app.register(fastifyRateLimit, { global: false });
  await app.register(fastifyCookie);

  app.get("/health", async (_request, reply) => {
    await options.db.query({ text: "select 1", values: [] });
    return reply.header("cache-control", "no-store").send({ status: "ok" });
  });
  await addDocumentation(app, options.services.installation.version);
  for (const page of allPages) page(app, options);
  await app.register(async (api) => addApi(api, options, closing.signal), { prefix: API_PREFIX });
  answerPage = await serveWeb(app);
  return app;
}

/** Answers of the API are data: a browser that is led to one may run and load nothing. */
const NO_CONTENT = {
  "default-src": ["'none'"],
  "frame-ancestors": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
};

function addApi(api: FastifyInstance, options: ServerOptions, closing: AbortSignal): void {
  const handlers = options.handlers ?? allHandlers;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const exports: ExportGate = { underWay: 0, stalledMsMax: options.stalledMsMax ?? STALLED_MS_MAX };
  const countFailure = api.createRateLimit({ max: FAILURES_PER_MINUTE, timeWindow: 60_000 });

  // Before anything else of the request is looked at, also where there is no such path: nothing is told to strangers.
  api.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    if (isPublic(handlers, request)) {
      refuseCrossSite(request, options.publicUrl, { byCookie: false });
      callers.set(request, NOBODY);
      return;
    }
    try {
      callers.set(request, await authenticate(options, request));
    } catch (error) {
      if (!(error instanceof RequestProblem) || error.draft.status !== 401) throw error;
      if (error.draft.code === "session-ended") sessionCookieOf(reply, options.publicUrl).clear();
      const limit = await countFailure(request);
      if (limit.isAllowed || !limit.isExceeded) throw error;
      throw new RequestProblem(
        {
          status: 429,
          code: "too-many-failures",
          detail: `Too many refused tokens; wait ${limit.ttlInSeconds} seconds.`,
        },
        { "retry-after": String(limit.ttlInSeconds) },
      );
    }
  });

  api.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(handlers, request);
    if (methods.length === 0) return sendProblem(reply, notFound(request));
    const detail = `This path takes ${methods.join(", ")}, not ${request.method}.`;
    return sendProblem(reply.header("allow", methods.join(", ")), { status: 405, code: "method-not-allowed", detail });
  });

  for (const handler of handlers) {
    api.route({
      method: handler.route.method,
      url: handler.route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      handler: async (request, reply) => {
        const caller = callers.get(request);
        if (!caller) throw new Error("A request reached its handler without a caller.");
        const isOwner = !isAllowed(handler.route, caller);
        if (isOwner && !(await isAllowedToOwner(options.db, handler.route, request, caller))) {
          throw missingScope(handler.route, caller);
        }
        if (handler.route.takes === "json" && request.body instanceof Readable) throw takesJson();
        const input = inputOf(handler, options, request, reply, caller, closing, isOwner);
        if (handler.kind === "list") return sendList(handler, input, reply, exports);
        if (handler.kind === "file") return sendFile(handler, input, reply, exports);
        if (handler.kind === "events") return sendEvents(handler, input, reply);
        return sendJson(handler, input, reply);
      },
    });
  }
}

function inputOf(
  handler: Handler,
  options: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  closing: AbortSignal,
  isOwner: boolean,
): RequestInput {
  const { db, clock, secrets, services, log } = options;
  const through = doorOf(request, caller);
  const ctx: Context = {
    db,
    clock,
    secrets,
    actor: { operatorId: caller.operatorId, vouchedBy: caller.tokenMadeBy, through },
  };
  const lastEventId = request.headers["last-event-id"];
  return {
    ...readRequest(handler.route, request),
    ctx,
    reader: db,
    services,
    caller,
    client: { address: request.ip, userAgent: request.headers["user-agent"] ?? null },
    cookie: sessionCookieOf(reply, options.publicUrl),
    publicUrl: options.publicUrl,
    ownedBy: isOwner ? caller.email : null,
    lastEventId: typeof lastEventId === "string" ? lastEventId : null,
    signal: AbortSignal.any([closing, goneSignal(reply)]),
    log: log.child({ requestId: request.id }),
  };
}

function doorOf(request: FastifyRequest, { kind, sessionId }: Caller): Context["actor"]["through"] {
  if (sessionId !== null || kind === "nobody") return "web";
  return request.headers["usher-client"] === "cli" ? "cli" : "api";
}

/** What anybody may ask; a path that no route has is nobody's. */
function isPublic(handlers: readonly Handler[], request: FastifyRequest): boolean {
  const { url } = request.routeOptions;
  return handlers.some(
    ({ route }) => route.scope === "public" && route.method === request.method && API_PREFIX + route.path === url,
  );
}

/** Aborted when the connection ended before the answer did. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort(new Error("The client has gone."));
  });
  return gone.signal;
}

/** Bodies are JSON, an empty one is none; or files, which their route reads as they come and bounds by itself. */
function readJsonAndFiles(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(["text/csv", "application/octet-stream"], (_request, payload, done) => done(null, payload));
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      done(null, JSON.parse(body.toString()));
    } catch {
      const errors = [{ field: "body", what: "is not JSON", expected: "one JSON value" }];
      done(new RequestProblem({ status: 400, code: "malformed-json", detail: "The body is not JSON.", errors }));
    }
  });
}

function takesJson(): RequestProblem {
  return new RequestProblem({
    status: 415,
    code: "unsupported-content-type",
    detail: "This path takes JSON, not a file.",
    errors: [{ field: "header.content-type", what: "is not taken here", expected: "application/json" }],
  });
}

function methodsOf(handlers: readonly Handler[], request: FastifyRequest): string[] {
  const path = request.url.split("?", 1)[0]!.slice(API_PREFIX.length).split("/");
  const matches = handlers.filter(({ route }) => {
    const parts = route.path.split("/");
    return parts.length === path.length && parts.every((part, index) => part.startsWith("{") || part === path[index]);
  });
  return [...new Set(matches.map(({ route }) => route.method))].sort();
}

function notFound(request: FastifyRequest) {
  const detail = `There is no ${request.method} ${request.url.split("?", 1)[0]!.slice(0, 200)} here. The paths are at /docs/.`;
  return { status: 404, code: "no-such-path", detail };
}

function refuseRequest(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const draft = draftOf(error);
  if (error instanceof RequestProblem) reply.headers(error.headers);
  if (draft.status >= 500) {
    const cause = error instanceof Error ? { error: error.message, stack: error.stack } : { error: messageOf(error) };
    log.error({ requestId: request.id, code: draft.code, ...cause }, "a request failed");
  }
  return sendProblem(reply, draft);
}

/** The path's template, not the path: what a caller puts into a URL by mistake does not belong in a log. */
function logResponse(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.routeOptions.url ?? "(no such path)";
  const tookMs = Math.round(reply.elapsedTime);
  log.info({ requestId: request.id, method: request.method, path, status: reply.statusCode, tookMs }, "request");
}
