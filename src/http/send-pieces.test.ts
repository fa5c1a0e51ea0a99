import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { defineRoute } from "../api/contract.ts";
import { defineList } from "../api/lists.ts";
import { ok } from "../lib/result.ts";
import { sql } from "../store/sql.ts";
import { handleList } from "./lists.ts";
import { handleFile } from "./route.ts";
import { startTestServer, type TestServer } from "./testing/server.ts";

const getFile = (id: string) =>
  defineRoute({
    id: `files.${id}`,
    method: "GET",
    path: `/files/${id}`,
    summary: "A file",
    scope: "any-token",
    answer: z.string(),
    produces: "file",
  });

const listWords = defineList({
  id: "words.list",
  path: "/words",
  summary: "Words",
  scope: "any-token",
  item: z.object({ number: z.int() }),
  sorts: ["number"],
});

const PIECE = Buffer.alloc(64 * 1024);

describe("what is sent piece by piece", () => {
  let server: TestServer;
  let port: number;
  let headers: Record<string, string>;
  /** Made anew by each test that lets its client go before the answer. */
  let asked = Promise.withResolvers<void>();
  const endlessEnded = Promise.withResolvers<void>();

  /** Tells that the request has arrived, and goes on once its client has gone. */
  const clientHasGone = async (signal: AbortSignal) => {
    asked.resolve();
    if (!signal.aborted) await once(signal, "abort");
  };

  before(async () => {
    server = await startTestServer({
      stalledMsMax: 200,
      handlers: [
        handleFile(getFile("late"), async ({ signal }) => {
          await clientHasGone(signal);
          return ok({ name: "late", type: "text/plain", bytes: pieces(1) });
        }),
        handleFile(getFile("endless"), async () =>
          ok({ name: "endless", type: "text/plain", bytes: pieces(Infinity, () => endlessEnded.resolve()) }),
        ),
        handleFile(getFile("short"), async () => ok({ name: "short", type: "text/plain", bytes: pieces(1) })),
        handleList(listWords, async ({ signal }) =>
          ok({
            sorts: { number: { by: sql`n`, type: "bigint" } },
            tie: { by: sql`n`, type: "bigint" },
            select: (page) =>
              sql`select n as number, ${page.keys} from generate_series(1, 3) as n where ${page.after} ${page.order}`,
            dataAsOf: null,
            toItems: async (rows) => {
              await clientHasGone(signal);
              return rows;
            },
          }),
        ),
      ],
    });
    await server.app.listen({ host: "127.0.0.1", port: 0 });
    const address = server.app.server.address();
    port = typeof address === "object" && address ? address.port : 0;
    headers = server.authorization(await server.makeToken(["inventory:read"]));
  });
  after(() => server.close());

  const get = (path: string) => request({ host: "127.0.0.1", port, path: `/api/v1${path}`, headers });

  async function leaveBeforeTheAnswer(path: string): Promise<void> {
    asked = Promise.withResolvers<void>();
    const client = get(path);
    client.once("error", () => {});
    client.end();
    await asked.promise;
    client.destroy();
  }

  async function statusOf(path: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { headers });
    await response.arrayBuffer();
    return response.status;
  }

  it("is nothing to wait for once its client has left before the first piece", async () => {
    await leaveBeforeTheAnswer("/files/late");

    assert.equal(await untilNot(429, () => statusOf("/files/short")), 200);
  });

  it("gives its database connection back when its client has left before the first row", async () => {
    await leaveBeforeTheAnswer("/words?format=csv");

    assert.equal(await untilNot(429, () => statusOf("/files/short")), 200);
  });

  it("is ended for a client that takes nothing any more, and what it held is given back", async () => {
    const client = get("/files/endless").end();
    const [response] = await once(client, "response");
    response.on("error", () => {});

    await endlessEnded.promise;

    assert.equal(await untilNot(429, () => statusOf("/files/short")), 200);
    response.destroy();
  });
});

async function* pieces(count: number, ended: () => void = () => {}): AsyncGenerator<Uint8Array> {
  try {
    for (let each = 0; each < count; each += 1) yield PIECE;
  } finally {
    ended();
  }
}

/** The server hears a little later than the client that a connection has ended. */
async function untilNot(status: number, ask: () => Promise<number>): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    const answered = await ask();
    if (answered !== status || attempt === 500) return answered;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
