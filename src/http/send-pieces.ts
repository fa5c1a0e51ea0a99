import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { Fault, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";

/** A client that takes nothing for so long is taken for gone, also where its connection looks alive. */
export const STALLED_MS_MAX = 600_000;

export interface Pieces {
  type: string;
  pieces: AsyncGenerator<string | Uint8Array>;
  /** What a failure is called: `The export`. */
  name: string;
  stalledMsMax: number;
  log: Log;
  /**
   * Called once, however it ends: also when the client left before the first piece, where a generator that never began
   * does not come to its `finally`.
   */
  release(): void;
}

/** Sends what is made piece by piece; a failure half-way breaks the connection, so that what came does not look whole. */
export function sendPieces(
  reply: FastifyReply,
  { type, pieces, stalledMsMax, release, ...told }: Pieces,
): FastifyReply {
  const stream = Readable.from(follow(pieces, told), { objectMode: false });
  stream.once("close", release);
  reply.raw.setTimeout(stalledMsMax, () => reply.raw.destroy());
  return reply.type(type).send(stream);
}

async function* follow(
  pieces: Pieces["pieces"],
  { name, log }: Pick<Pieces, "name" | "log">,
): AsyncGenerator<string | Uint8Array> {
  try {
    yield* pieces;
  } catch (cause) {
    log.error({ error: messageOf(cause) }, `${name} failed half-way`);
    const message = `${name} failed half-way.`;
    throw new Fault(message, { code: "internal", publicMessage: message, cause });
  }
}
