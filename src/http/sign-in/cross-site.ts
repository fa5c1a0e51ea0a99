import type { FastifyRequest } from "fastify";
import { RequestProblem } from "../problem.ts";

/**
 * Throws a RequestProblem 403 when another site's page may have sent the request. A browser attaches the cookie by
 * itself; a header of our own it attaches for no other site, and it tells where a request comes from.
 */
export function refuseCrossSite(request: FastifyRequest, publicUrl: string, { byCookie }: { byCookie: boolean }): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  if (byCookie && request.headers["usher-client"] !== "web") {
    throw crossSite("A change that is made by the session's cookie carries the header `usher-client: web`.");
  }
  const fetchSite = request.headers["sec-fetch-site"];
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") {
    throw crossSite("This request comes from another site's page, so nothing was done.");
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isOwn(origin, request, publicUrl)) {
    throw crossSite(
      `This request comes from ${origin.slice(0, 100)}, which is not Usher's own address (${publicUrl}).`,
    );
  }
}

/** The address in the settings, or the one that the browser itself asked: `localhost` and `127.0.0.1` are one machine. */
function isOwn(origin: string, request: FastifyRequest, publicUrl: string): boolean {
  const given = URL.parse(origin);
  return given !== null && (given.origin === new URL(publicUrl).origin || given.host === request.headers.host);
}

function crossSite(detail: string): RequestProblem {
  return new RequestProblem({ status: 403, code: "cross-site", detail });
}
