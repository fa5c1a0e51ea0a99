import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fastifyStatic } from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Where `npm run build` puts the pages. */
const BUILT = fileURLToPath(new URL("../../../dist/web", import.meta.url));

/** Files have the hash of their content in their name, so they never change. */
const FOR_EVER_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * The pages: their files below /assets, and one document for every other address that is no path of the server's own. The
 * document holds no data, so it needs no session; what it then asks the API does.
 */
export async function serveWeb(app: FastifyInstance): Promise<void> {
  if (!existsSync(join(BUILT, "index.html"))) return;
  const page = await readFile(join(BUILT, "index.html"), "utf8");
  await app.register(async (files) => {
    await files.register(fastifyStatic, {
      root: join(BUILT, "assets"),
      prefix: "/assets/",
      immutable: true,
      maxAge: FOR_EVER_MS,
      preCompressed: true,
    });
  });
  const icon = await readFile(join(BUILT, "usher.svg"));
  app.get("/usher.svg", async (_request, reply) => reply.type("image/svg+xml").send(icon));
  app.get("/*", async (request, reply) => {
    // Only a browser that opens an address gets a page; a program that mistyped a path is told so.
    if (!request.headers.accept?.includes("text/html")) return reply.callNotFound();
    return sendPage(reply, page);
  });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64url");
  return reply
    .header("content-security-policy", policyOf(nonce))
    .header("cache-control", "no-cache")
    .header("referrer-policy", "same-origin")
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
