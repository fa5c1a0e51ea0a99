import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { AnyRoute } from "../src/api/contract.ts";
import { routes } from "../src/api/routes.ts";
import { createSignInLink } from "../src/commands/sign-in/make-link.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { ROLES, type Role } from "../src/model/roles.ts";
import { SESSION_IDLE_MS } from "../src/model/sessions.ts";
import { sql } from "../src/store/sql.ts";

/** What each role may do, written by hand: a change of a role is a change of this table. Writing includes reading. */
const EXPECTED: Readonly<Record<Role, "everything" | readonly string[]>> = {
  admin: "everything",
  "connection-admin": [
    "connections:read",
    "connections:write",
    "inventory:read",
    "people:write",
    "evidence:write",
    "runs:read",
    "runs:write",
    "jobs:read",
    "jobs:write",
    "tokens:read",
    "tokens:write",
  ],
  "license-manager": [
    "connections:read",
    "inventory:read",
    "licenses:read",
    "licenses:write",
    "people:write",
    "evidence:write",
    "reclamation:read",
    "reclamation:write",
    "exclusions:read",
    "exclusions:write",
    "runs:read",
    "runs:write",
    "jobs:read",
    "jobs:write",
    "journal:read",
    "plans:read",
    "plans:write",
    "operators:read",
    "tokens:read",
    "tokens:write",
    "notifications:read",
    "notifications:write",
  ],
  "review-owner": ["inventory:read", "journal:read", "tokens:read", "tokens:write"],
  auditor: [
    "connections:read",
    "inventory:read",
    "licenses:read",
    "reclamation:read",
    "exclusions:read",
    "runs:read",
    "jobs:read",
    "journal:read",
    "plans:read",
    "operators:read",
    "tokens:read",
    "notifications:read",
    "settings:read",
    "backup:read",
  ],
  member: [],
};

/** Anybody who is signed in may ask these, and nobody else's things come of it. */
const EVERYBODYS = [
  "operators.whoami",
  "overview.needs-you",
  "search.all",
  "search.resolve",
  "search.resolve-pasted",
  "session.get",
  "session.password",
  "session.signOut",
  "sessions.end",
  "sessions.list",
  "settings.general",
  "status.get",
  "views.change",
  "views.create",
  "views.delete",
  "views.get",
  "views.list",
];
/** Anybody at all. */
const PUBLIC = ["session.firstAdmin", "session.link", "session.options", "session.signIn", "session.welcome"];

/** Not a path of the contract: parameters stand for nothing that is there. */
function pathOf({ path }: AnyRoute): string {
  return path.replaceAll(/\{(\w+)Id\}/g, "$1_000000000000").replaceAll(/\{\w+\}/g, "x");
}

function isExpected({ scope }: AnyRoute, role: Role): boolean {
  const allowed = EXPECTED[role];
  return scope === "public" || scope === "any-token" || allowed === "everything" || allowed.includes(scope);
}

describe("every route for every role, over HTTP", () => {
  let server: TestServer;
  let base: string;
  let admin: Record<string, string>;
  const cookies = new Map<Role, string>();

  before(async () => {
    server = await startTestServer();
    await server.app.listen({ port: 0, host: "127.0.0.1" });
    base = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/api/v1`;
    admin = server.authorization(await server.makeToken(["*"]));
    for (const role of ROLES) cookies.set(role, (await person(role)).cookie);
  });
  after(() => server.close());

  /** A person of this role with a session of theirs. */
  async function person(role: Role, name: string = role) {
    const email = `${name}@acme.example`;
    const code = await createSignInLink(server, { name, email });
    const response = await fetch(`${base}/session/link`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });
    const { operator } = (await response.json()) as { operator: { id: string } };
    await setRoles(operator.id, [role]);
    return { id: operator.id, email, cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
  }

  function setRoles(operatorId: string, roles: string[]): Promise<number> {
    return server.db.transaction((tx) =>
      tx.execute(sql`update operators set roles = ${roles} where id = ${operatorId}`),
    );
  }

  async function ask(route: AnyRoute, headers: Record<string, string>) {
    const response = await fetch(base + pathOf(route), { method: route.method, headers });
    const text = await response.text();
    const isProblem = response.headers.get("content-type")?.includes("problem") ?? false;
    return { status: response.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : null };
  }

  const bySession = (cookie: string) => ({ cookie, "usher-client": "web" });
  /** Signing out ends the session that asks. */
  const asked = routes.filter(({ id }) => id !== "session.signOut");

  for (const role of ROLES) {
    it(`gives ${role} what the role may do and nothing else`, async () => {
      const headers = bySession(cookies.get(role) ?? "");
      const wrong = [];
      for (const route of asked) {
        const { status, code } = await ask(route, headers);
        const isRefused = status === 401 || code === "missing-scope";
        if (isRefused === isExpected(route, role)) wrong.push(`${route.id}: ${status} ${code}`);
      }

      assert.deepEqual(wrong, []);
    });
  }

  it("gives a service account what its token says, whatever roles it has", async () => {
    const headers = server.authorization(await server.makeToken(["runs:read"]));
    const allowed = [];
    for (const route of asked) {
      const { code } = await ask(route, headers);
      if (code !== "missing-scope") allowed.push(route.scope);
    }

    assert.deepEqual(new Set(allowed), new Set(["public", "any-token", "runs:read"]));
  });

  it("tells nobody anything without a token or session, with an ended one, or one of somebody who ended", async () => {
    const ended = await person("admin", "ended");
    const token = await tokenOf(ended.email, ["*"]);
    await end(ended.id);
    const idle = await person("admin", "idle");
    const revoked = server.authorization(await server.makeToken(["*"], { revoked: true }));
    const now = server.clock.now();
    const expired = server.authorization(await server.makeToken(["*"], { expiresAt: new Date(now.getTime() - 1) }));
    const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
    const { cookie } = idle;
    await server.db.transaction((tx) =>
      tx.execute(sql`update sessions set last_used_at = ${idleSince} where operator_id = ${idle.id}`),
    );

    const let_in = [];
    for (const route of asked.filter(({ scope }) => scope !== "public")) {
      for (const headers of [{}, bySession(ended.cookie), bySession(cookie), token, revoked, expired]) {
        // After thirty refusals within a minute an address waits, and is told as little.
        const { status } = await ask(route, headers);
        if (status !== 401 && status !== 429) let_in.push(`${route.id}: ${status}`);
      }
    }

    assert.deepEqual(let_in, []);
  });

  it("gives a person's token no more than its person may do now", async () => {
    const rita = await person("auditor", "rita");
    const token = await tokenOf(rita.email, ["*"]);
    const allowed = async () => {
      const found = [];
      for (const route of asked) {
        const { code } = await ask(route, token);
        if (code !== "missing-scope") found.push(route.id);
      }
      return found;
    };
    const asAuditor = await allowed();
    await setRoles(rita.id, []);
    const asNobody = await allowed();

    assert.deepEqual(
      asAuditor,
      asked.filter((route) => isExpected(route, "auditor")).map(({ id }) => id),
    );
    assert.deepEqual(
      asNobody.toSorted(),
      [...EVERYBODYS, ...PUBLIC].filter((id) => id !== "session.signOut").toSorted(),
    );
  });

  it("names what is everybody's, so that nothing becomes so by mistake", () => {
    const idsOf = (scope: string) => routes.filter((route) => route.scope === scope).map(({ id }) => id);

    assert.deepEqual(idsOf("any-token").toSorted(), EVERYBODYS);
    assert.deepEqual(idsOf("public").toSorted(), PUBLIC);
  });

  it("takes a change by the cookie only with our header, whatever the route", async () => {
    const headers = { cookie: cookies.get("admin") ?? "" };
    for (const route of asked.filter(({ method, scope }) => method !== "GET" && scope !== "public")) {
      assert.deepEqual(await ask(route, headers), { status: 403, code: "cross-site" }, route.id);
    }
  });

  async function tokenOf(email: string, scopes: string[]) {
    const response = await fetch(`${base}/tokens`, {
      method: "POST",
      headers: { ...admin, "content-type": "application/json" },
      body: JSON.stringify({ name: "theirs", scopes, person: { name: "x", email } }),
    });
    return server.authorization(((await response.json()) as { token: string }).token);
  }

  async function end(operatorId: string): Promise<void> {
    const response = await fetch(`${base}/operators/${operatorId}/end`, { method: "POST", headers: admin });
    assert.equal(response.status, 200);
  }
});
