import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { defineRoute } from "../api/contract.ts";
import { ok } from "../lib/result.ts";
import { handle } from "./route.ts";
import { startTestServer, type TestServer } from "./testing/server.ts";

const answer = z.object({ bytes: z.int() });
const takeFile = defineRoute({
  id: "files.take",
  method: "POST",
  path: "/files",
  summary: "Takes a file",
  scope: "any-token",
  takes: "csv",
  answer,
});
const takeJson = defineRoute({
  id: "things.take",
  method: "POST",
  path: "/things",
  summary: "Takes JSON",
  scope: "any-token",
  body: z.strictObject({ name: z.string() }),
  answer,
});

describe("the body of a request", () => {
  let server: TestServer;
  let port: number;
  let authorization: string;

  before(async () => {
    server = await startTestServer({
      bodyMsMax: 100,
      handlers: [
        handle(takeFile, async ({ csv }) => {
          let bytes = 0;
          for await (const chunk of csv ?? []) bytes += chunk.byteLength;
          return ok({ bytes });
        }),
        handle(takeJson, async ({ body }) => ok({ bytes: body.name.length })),
      ],
    });
    await server.app.listen({ host: "127.0.0.1", port: 0 });
    const address = server.app.server.address();
    port = typeof address === "object" && address ? address.port : 0;
    ({ authorization } = server.authorization(await server.makeToken(["inventory:read"])));
  });
  after(() => server.close());

  function begin(path: string, type: string, text: string, headers: object = { authorization }): ClientRequest {
    const client = request({
      host: "127.0.0.1",
      port,
      path: `/api/v1${path}`,
      method: "POST",
      headers: { ...headers, "content-type": type },
    });
    client.on("error", () => {});
    client.write(text);
    return client;
  }

  const closed = (client: ClientRequest) => new Promise<void>((resolve) => void client.once("close", () => resolve()));

  it("comes within its time, but a file may take longer as long as it goes on", async () => {
    const file = begin("/files", "text/csv", "a,b\n");
    const answered = once(file, "response") as Promise<[IncomingMessage]>;

    // The second of these began when the time of the file's first bytes was over.
    await closed(begin("/things", "application/json", '{"name":'));
    await closed(begin("/things", "application/json", '{"name":'));
    file.end("1,2\n");

    const [response] = await answered;
    const chunks = await response.setEncoding("utf8").toArray();
    assert.equal(response.statusCode, 200);
    assert.deepEqual(JSON.parse(chunks.join("")), { bytes: 8 });
  });

  it("is not waited for once a stranger was refused", async () => {
    const stranger = begin("/files", "text/csv", "a,b\n", {});
    const [response] = (await once(stranger, "response")) as [IncomingMessage];
    response.resume();

    await closed(stranger);

    assert.equal(response.statusCode, 401);
  });
});
