import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { fastify, type FastifyInstance } from "fastify";
import { startTestServer, type TestServer } from "../testing/server.ts";
import { serveWeb } from "./serve-web.ts";

const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const SCRIPT = "console.log('hello');".repeat(100);

async function serverOf(built: string): Promise<FastifyInstance> {
  const app = fastify();
  const answerPage = await serveWeb(app, built);
  app.setNotFoundHandler((request, reply) => answerPage(request, reply) ?? reply.code(404).send());
  return app;
}

describe("the pages", () => {
  let app: FastifyInstance;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-pages-"));
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), '<meta name="csp-nonce" content="" />');
    await writeFile(join(folder, "usher.svg"), "<svg/>");
    await writeFile(join(folder, "assets", "main-abc.js"), SCRIPT);
    await writeFile(join(folder, "assets", "main-abc.js.gz"), gzipSync(SCRIPT));
    app = await serverOf(folder);
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it("are one document for every address that a browser opens, with a nonce of its own each time", async () => {
    const [one, other] = await Promise.all(
      ["/people?status=idle", "/connections/connection_1"].map((url) => app.inject({ url, headers: BROWSER })),
    );

    const nonce = /content="([\w-]{22})"/.exec(one?.body ?? "")?.[1];
    assert.equal(one?.statusCode, 200);
    assert.match(String(one?.headers["content-security-policy"]), /script-src 'self';/);
    assert.ok(String(one?.headers["content-security-policy"]).includes(`'nonce-${nonce}'`));
    assert.doesNotMatch(String(one?.headers["content-security-policy"]), /unsafe/);
    assert.equal(one?.headers["cache-control"], "no-cache");
    assert.notEqual(one?.body, other?.body);
  });

  it("answer HEAD as GET, without the document", async () => {
    const { statusCode, body, headers } = await app.inject({ method: "HEAD", url: "/people", headers: BROWSER });

    assert.equal(statusCode, 200);
    assert.equal(body, "");
    assert.match(String(headers["content-type"]), /text\/html/);
  });

  it("are no answer to a program, nor to a path of the API or a file that is not there", async () => {
    const answers = await Promise.all([
      app.inject({ url: "/people", headers: { accept: "application/json" } }),
      app.inject({ url: "/api/v2/people", headers: BROWSER }),
      app.inject({ url: "/assets/gone-123.js", headers: BROWSER }),
    ]);

    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [404, 404, 404],
    );
  });

  it("have their files packed for whoever takes them so, and kept for ever", async () => {
    const packed = await app.inject({ url: "/assets/main-abc.js", headers: { "accept-encoding": "gzip" } });
    const plain = await app.inject({ url: "/assets/main-abc.js" });

    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.ok(packed.rawPayload.length < plain.rawPayload.length);
    assert.equal(plain.body, SCRIPT);
    assert.match(String(packed.headers["content-type"]), /javascript/);
    assert.equal(packed.headers["cache-control"], "public, max-age=31536000, immutable");
  });

  it("say what to do where they were not built", async () => {
    const bare = await serverOf(join(folder, "nothing"));

    const { statusCode, body } = await bare.inject({ url: "/people", headers: BROWSER });
    await bare.close();

    assert.equal(statusCode, 503);
    assert.match(body, /npm run build/);
  });
});

describe("the server with its pages", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("tells a stranger nothing of paths of the API, as a browser or as a program", async () => {
    const answers = await Promise.all(
      [BROWSER, {}].map((headers) => server.app.inject({ url: "/api/v1/no-such-thing", headers })),
    );

    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [401, 401],
    );
  });

  it("sends nosniff, no framing and no referrer to others with each page", async () => {
    const { headers } = await server.app.inject({ url: "/people", headers: BROWSER });

    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/);
    assert.equal(headers["referrer-policy"], "same-origin");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
  });
});
