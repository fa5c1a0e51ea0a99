import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { EventSource, Handler, RequestInput } from "./route.ts";
import { encode, refusalProblem } from "./send-json.ts";

/** Proxies drop a stream that is silent for long; a comment line keeps it. */
const HEARTBEAT_MS = 15_000;
/** What a browser waits before it connects again. */
const RETRY_MS = 2000;

/** Server-sent events (WHATWG HTML, "Server-sent events"): one message for each event of the source, until it ends. */
export async function sendEvents(
  { route, follow }: Extract<Handler, { kind: "events" }>,
  input: RequestInput,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const outcome = await follow(input);
  if (!outcome.ok) throw refusalProblem(route, outcome.error);
  const lines = withHeartbeat(outcome.value, input, (data) => JSON.stringify(encode(route, route.answer, data)));
  return (
    reply
      .type("text/event-stream; charset=utf-8")
      .header("x-accel-buffering", "no")
      // A stream may end because the server closes; a connection kept alive after it would hold up the closing.
      .header("connection", "close")
      .send(Readable.from(lines, { objectMode: false }))
  );
}

async function* withHeartbeat(
  source: EventSource,
  { ctx, signal, log }: RequestInput,
  write: (data: unknown) => string,
): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  const events = source[Symbol.asyncIterator]();
  try {
    let next = events.next();
    for (;;) {
      const stopBeat = new AbortController();
      const beat = ctx.clock.sleep(HEARTBEAT_MS, AbortSignal.any([signal, stopBeat.signal])).then(
        () => "beat" as const,
        () => "stop" as const,
      );
      const came = await Promise.race([next, beat]);
      stopBeat.abort();
      if (came === "stop") return;
      if (came === "beat") {
        yield ": still here\n\n";
        continue;
      }
      if (came.done) return;
      const { id, event, data } = came.value;
      yield `id: ${id}\nevent: ${event}\ndata: ${write(data)}\n\n`;
      next = events.next();
    }
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.message : String(error) }, "a stream of events ended early");
  } finally {
    await events.return?.();
  }
}
