import { createHash } from "node:crypto";
import fastifyApiReference from "@scalar/fastify-api-reference";
import type { FastifyInstance } from "fastify";
import { API_PREFIX } from "../api/contract.ts";
import { openApiOf } from "../api/openapi.ts";
import { routes } from "../api/routes.ts";

/** The OpenAPI document and the page that shows it. Neither holds data, so neither asks for a token. */
export async function addDocumentation(app: FastifyInstance, version: string): Promise<void> {
  const document = JSON.stringify(openApiOf(routes, version));
  app.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => reply.type("application/json").send(document));

  await app.register(async (docs) => {
    docs.addHook("onSend", async (_request, reply, payload) => {
      const isPage = String(reply.getHeader("content-type")).startsWith("text/html") && typeof payload === "string";
      if (isPage) reply.header("content-security-policy", policyOf(payload));
      return payload;
    });
    await docs.register(fastifyApiReference, {
      routePrefix: "/docs",
      configuration: {
        url: `${API_PREFIX}/openapi.json`,
        pageTitle: "Usher API",
        // Everything comes from this server: no fonts, no telemetry, no assistant, no proxy of somebody else's.
        withDefaultFonts: false,
        telemetry: false,
        agent: { disabled: true },
        mcp: { disabled: true },
        hideClientButton: true,
        showDeveloperTools: "never",
        proxyUrl: "",
      },
    });
  });
}

/** The page may run its own bundle and the one script that starts it, and talk to this server alone. */
function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${inline.join(" ")}`,
    // The bundle writes its style sheet and its places into the page.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
