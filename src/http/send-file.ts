import type { FastifyReply } from "fastify";
import { RequestProblem } from "./problem.ts";
import type { FileSource, Handler, RequestInput } from "./route.ts";
import { refusalProblem } from "./send-json.ts";
import type { ExportGate } from "./send-list.ts";
import { sendPieces } from "./send-pieces.ts";

/** With the exports of lists: each holds a database connection for as long as its client reads. */
const FILES_MAX = 1;

/** Sends a file as it is made; one that fails half-way breaks the connection, so that it does not look whole. */
export async function sendFile(
  handler: Extract<Handler, { kind: "file" }>,
  input: RequestInput,
  reply: FastifyReply,
  gate: ExportGate,
): Promise<FastifyReply> {
  if (gate.underWay >= FILES_MAX) {
    const detail = "Another export or file is being read; try again when it has ended.";
    throw new RequestProblem({ status: 429, code: "too-many-exports", detail }, { "retry-after": "10" });
  }
  gate.underWay += 1;
  const release = () => void (gate.underWay -= 1);
  let isHandedOver = false;
  try {
    const outcome = await handler.open(input);
    if (!outcome.ok) throw refusalProblem(handler.route, outcome.error);
    const { name, type, bytes } = outcome.value;
    reply.header("content-disposition", `attachment; filename="${name}"`);
    isHandedOver = true;
    const { log } = input;
    const pieces = whileWanted(bytes, input);
    return sendPieces(reply, { type, pieces, name: "The file", stalledMsMax: gate.stalledMsMax, log, release });
  } finally {
    if (!isHandedOver) release();
  }
}

async function* whileWanted(bytes: FileSource["bytes"], { signal }: RequestInput): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    signal.throwIfAborted();
    yield piece;
  }
}
