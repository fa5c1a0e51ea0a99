import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fastifyStatic } from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Where `npm run build` puts the pages. */
const BUILT = fileURLToPath(new URL("../../../dist/web", import.meta.url));

/** Files have the hash of their content in their name, so they never change. */
const FOR_EVER_MS = 365 * 24 * 60 * 60 * 1000;
const A_DAY_S = 24 * 60 * 60;

/** Answers with the page if it is a browser that opens an address; null: whoever asks wants something else. */
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

/**
 * The pages: their files below /assets, and one document for every other address that is no path of the server's own. The
 * document holds no data, so it needs no session; what it then asks the API does. Where nothing was built, the document
 * says so; the API and the command line do without it. Gives what the server does with an address that it does not know:
 * a route for every address would answer in the place of the API's own refusals.
 */
export async function serveWeb(app: FastifyInstance, built = BUILT): Promise<AnswerPage> {
  const isBuilt = existsSync(join(built, "index.html"));
  const page = isBuilt ? await readFile(join(built, "index.html"), "utf8") : NOT_BUILT;
  if (isBuilt) await serveFiles(app, built);
  return (request, reply) => (wantsPage(request) ? sendPage(reply.code(isBuilt ? 200 : 503), page) : null);
}

async function serveFiles(app: FastifyInstance, built: string): Promise<void> {
  await app.register(async (files) => {
    await files.register(fastifyStatic, {
      root: join(built, "assets"),
      prefix: "/assets/",
      immutable: true,
      maxAge: FOR_EVER_MS,
      // Brotli or gzip, where the build wrote it beside the file and the browser takes it.
      preCompressed: true,
    });
  });
  const icon = await readFile(join(built, "usher.svg"));
  app.get("/usher.svg", async (_request, reply) =>
    reply.header("cache-control", `public, max-age=${A_DAY_S}`).type("image/svg+xml").send(icon),
  );
}

/** Only a browser that opens an address gets a page; a program that mistyped a path, or a missing file, is told so. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  // HEAD as well: link checkers and load balancers ask so.
  if (method !== "GET" && method !== "HEAD") return false;
  return headers.accept?.includes("text/html") === true && !/^\/(?:api|assets)(?:[/?]|$)/.test(url);
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64url");
  return reply
    .header("content-security-policy", policyOf(nonce))
    .header("cache-control", "no-cache")
    .header("referrer-policy", "same-origin")
    .header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    .header("vary", "accept")
    .type("text/html; charset=utf-8")
    .send(page.replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`));
}

/** Only files of this server run, and styles that this answer names; nothing is asked of anybody else. */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Usher has no pages here</title>
  </head>
  <body>
    <main>
      <h1>Usher runs, but its pages were not built</h1>
      <p>Run <code>npm run build</code> in the folder of Usher, then start it again.</p>
      <p>The API and the command line work meanwhile: <a href="/docs">the API's reference</a>.</p>
    </main>
  </body>
</html>
`;
