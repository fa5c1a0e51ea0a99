import { API_PREFIX, type AnyRoute } from "../../src/api/contract.ts";
import { SCOPES } from "../../src/model/scopes.ts";
import { code, page, table } from "./markdown.ts";

/** What each token scope allows, and each code with which a request is refused. */
export function permissionsPage(routes: readonly AnyRoute[]): string {
  return page(
    "# What each token may do",
    "A token has scopes. Writing includes reading the same noun; `*` is everything. Make a token that has only what it " +
      "needs: `usher token create --scope runs:read`.",
    ...scopeSections(routes),
    "# Refusals",
    "A refused request is answered with `application/problem+json`; its `code` is one of these and never changes.",
    table(["code", "status", "what it says"], [...SERVER_REFUSALS, ...routeRefusals(routes)].sort(byCode)),
  );
}

function scopeSections(routes: readonly AnyRoute[]): string[] {
  const scopes = ["public" as const, "any-token" as const, ...SCOPES.filter((scope) => scope !== "*")];
  return scopes.flatMap((scope) => {
    const allowed = routes.filter((route) => route.scope === scope);
    if (allowed.length === 0) return [];
    const title = TITLES[scope] ?? `## ${code(scope)}`;
    const rows = allowed.map(({ method, path, summary }) => [code(`${method} ${API_PREFIX}${path}`), summary]);
    return [title, table(["request", "what it does"], rows)];
  });
}

const TITLES: Readonly<Record<string, string>> = { public: "## Anybody", "any-token": "## Every token" };

/** What the server gives on every route, by itself. */
const SERVER_REFUSALS: readonly string[][] = [
  [code("bad-request"), "400", "Fields are not right; `errors` names each, what is wrong and what would be right."],
  [code("malformed-json"), "400", "The body is not JSON."],
  [code("bad-cursor"), "400", "The cursor is not of this list, sort and filters."],
  [code("bad-url"), "400", "The path is not valid percent-encoding."],
  [code("no-token"), "401", "The request has neither a bearer token nor the cookie of a session."],
  [code("session-ended"), "401", "The session has ended; sign in again."],
  [code("cross-site"), "403", "A change by the session's cookie that another site's page may have sent."],
  [code("token-not-valid"), "401", "The token is unknown or revoked."],
  [code("token-expired"), "401", "The token has expired."],
  [code("missing-scope"), "403", "The token, or the roles of its person, lack the scope that the request needs."],
  [code("no-such-path"), "404", "There is no such path."],
  [code("method-not-allowed"), "405", "The path does not take this method; `Allow` names those it takes."],
  [code("body-too-large"), "413", "The body is larger than one mebibyte."],
  [code("unsupported-content-type"), "415", "The body is not `application/json`."],
  [code("if-match-needed"), "428", "The change does not say which revision it is for."],
  [code("too-many-failures"), "429", "Too many refused tokens from one address."],
  [code("too-many-exports"), "429", "As many exports are under way as may be."],
  [code("internal"), "500", "Something failed that should not have; the log has it under the request id."],
  [code("store.failed"), "500, 503", "The database refused or did not answer; nothing was saved."],
];

function routeRefusals(routes: readonly AnyRoute[]): string[][] {
  const rows = new Map<string, string[]>();
  for (const { refusals } of routes) {
    for (const [name, { status, says }] of Object.entries(refusals)) {
      rows.set(`${name} ${status} ${says}`, [code(name), String(status), says]);
    }
  }
  return [...rows.values()];
}

function byCode(left: readonly string[], right: readonly string[]): number {
  return left.join() < right.join() ? -1 : 1;
}
