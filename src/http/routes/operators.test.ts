import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createMessageLinks } from "../../actions/messages/message-links.ts";
import { createSignInLink } from "../../commands/sign-in/make-link.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import { welcomeMessage } from "../../rules/messages/welcome.ts";
import { sql } from "../../store/sql.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

const PASSWORD = "seven green umbrellas";

describe("people, service accounts and their sessions", () => {
  let server: TestServer;
  let admin: Record<string, string>;
  let adaId: string;
  let ada: string;

  before(async () => {
    server = await startTestServer();
    admin = server.authorization(await server.makeToken(["*"]));
    const code = await createSignInLink(server, { name: "Ada", email: "ada@acme.example" });
    const response = await send("POST", "/session/link", { code }, {});
    ada = response.cookie;
    adaId = response.body.operator.id;
  });
  after(() => server.close());

  async function send(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, payload?: object, headers = admin) {
    const response = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers,
      ...(payload ? { payload } : {}),
    });
    const body = response.body === "" ? null : response.json();
    return { status: response.statusCode, body, code: body?.code, cookie: response.cookies[0]?.value ?? "" };
  }

  const by = (cookie: string) => ({ cookie: `usher-session=${cookie}`, "usher-client": "web" });

  async function invite(name: string, roles: string[]) {
    const email = `${name.toLowerCase()}@acme.example`;
    const { body } = await send("POST", "/operators", { name, email, roles });
    const set = await send("POST", "/welcome", { code: body.url.split("/").at(-1), password: PASSWORD }, {});
    return { id: body.operator.id as string, email, url: body.url as string, cookie: set.cookie, set };
  }

  async function entries(entry: string) {
    const { body } = await send("GET", `/journal?entry=${entry}`);
    return body.items as { detail: Record<string, unknown>; personal: object | null; through: string }[];
  }

  it("invites a person, who sets a password by the link once and is signed in with their roles", async () => {
    const sam = await invite("Sam", ["license-manager"]);
    const again = await send("POST", "/welcome", { code: sam.url.split("/").at(-1), password: PASSWORD }, {});
    const twice = await send("POST", "/operators", { name: "Sam", email: "SAM@acme.example", roles: ["member"] });
    const signedIn = await send("POST", "/session", { email: sam.email, password: PASSWORD }, {});

    assert.match(sam.url, /^http:\/\/localhost\/welcome\/[\w-]{43}$/);
    assert.deepEqual([sam.set.status, sam.set.body.roles, sam.set.body.hasPassword], [201, ["license-manager"], true]);
    assert.deepEqual(
      [again.status, again.code, twice.status, twice.code],
      [410, "link-not-valid", 409, "person-exists"],
    );
    assert.equal(signedIn.status, 201);
    assert.doesNotMatch(JSON.stringify((await entries("operator.invited"))[0]?.detail), /@/);
  });

  it("lets nobody give, take or reset what they could not do themselves", async () => {
    const some = server.authorization(await server.makeToken(["operators:write", "inventory:read"]));
    const payload = { name: "Eve", email: "eve@acme.example", roles: ["admin"] };
    const invited = await send("POST", "/operators", payload, some);
    const reset = await send("POST", `/operators/${adaId}/reset`, undefined, some);
    const ended = await send("POST", `/operators/${adaId}/end`, undefined, some);
    const demoted = await send("PATCH", `/operators/${adaId}`, { roles: ["member"] }, { ...some, "if-match": "*" });

    for (const refused of [invited, reset, ended, demoted]) {
      assert.deepEqual([refused.status, refused.code], [403, "role-not-held"]);
    }
  });

  it("never loses the last admin, and lets nobody end themselves", async () => {
    const demoted = await send("PATCH", `/operators/${adaId}`, { roles: ["member"] }, { ...admin, "if-match": "*" });
    const ended = await send("POST", `/operators/${adaId}/end`);
    const herself = await send("POST", `/operators/${adaId}/end`, undefined, by(ada));

    assert.deepEqual([demoted.code, ended.code, herself.code], ["last-admin", "last-admin", "own-account"]);
  });

  it("changes roles by revision, from the next request on, and the journal tells from what to what", async () => {
    const rita = await invite("Rita", ["auditor"]);
    const before = await send("GET", `/operators/${rita.id}`);
    const headers = { ...by(ada), "if-match": `"${before.body.revision}"` };
    const reads = await send("GET", "/journal", undefined, by(rita.cookie));
    const changed = await send("PATCH", `/operators/${rita.id}`, { roles: ["member"] }, headers);
    const stale = await send("PATCH", `/operators/${rita.id}`, { roles: ["auditor"] }, headers);
    const after = await send("GET", "/journal", undefined, by(rita.cookie));

    assert.deepEqual([reads.status, changed.status, stale.status, after.status], [200, 200, 412, 403]);
    const [entry] = await entries("operator.changed");
    assert.deepEqual(entry?.detail, { before: { roles: ["auditor"] }, after: { roles: ["member"] } });
    assert.equal(entry?.through, "web");
  });

  it("ends an operator with their sessions, tokens and links at once", async () => {
    const max = await invite("Max", ["connection-admin"]);
    const token = await send("POST", "/tokens", { name: "mine", scopes: ["connections:read"] }, by(max.cookie));
    const headers = server.authorization(token.body.token);
    const before = await send("GET", "/connections", undefined, headers);
    const ended = await send("POST", `/operators/${max.id}/end`);
    const statuses = [
      await send("GET", "/session", undefined, by(max.cookie)),
      await send("GET", "/connections", undefined, headers),
      await send("POST", "/session", { email: max.email, password: PASSWORD }, {}),
    ].map(({ status }) => status);

    assert.deepEqual([before.status, ended.status, ended.body.endedAt !== null], [200, 200, true]);
    assert.deepEqual(statuses, [401, 401, 401]);
  });

  it("resets a sign-in: password and sessions are gone, and a new link lets them in again", async () => {
    const nia = await invite("Nia", ["auditor"]);
    const reset = await send("POST", `/operators/${nia.id}/reset`);
    const old = await send("POST", "/session", { email: nia.email, password: PASSWORD }, {});
    const session = await send("GET", "/session", undefined, by(nia.cookie));
    const code = reset.body.url.split("/").at(-1);
    const weak = await send("POST", "/welcome", { code, password: "nia@acme.example" }, {});
    const again = await send("POST", "/welcome", { code, password: "eight blue umbrellas" }, {});

    assert.deepEqual([old.status, session.status, weak.status, again.status], [401, 401, 422, 201]);
  });

  it("changes a password only for whoever knows the one they have, and ends their other sessions", async () => {
    const omar = await invite("Omar", ["auditor"]);
    const other = await send("POST", "/session", { email: omar.email, password: PASSWORD }, {});
    const change = (current: string) =>
      send("POST", "/session/password", { current, password: "nine red umbrellas" }, by(omar.cookie));
    const wrong = await change("not this one");
    const right = await change(PASSWORD);
    const byToken = await send("POST", "/session/password", { current: "x", password: "nine red umbrellas" });

    assert.deepEqual([wrong.code, right.status, byToken.code], ["wrong-password", 204, "no-session"]);
    assert.equal((await send("GET", "/session", undefined, by(other.cookie))).status, 401);
    assert.equal((await send("GET", "/session", undefined, by(omar.cookie))).status, 200);
  });

  it("lists and ends one's own sessions, and those of others only for whoever may", async () => {
    const pia = await invite("Pia", ["member"]);
    const second = await send("POST", "/session", { email: pia.email, password: PASSWORD }, {});
    const own = await send("GET", "/sessions?state=active", undefined, by(pia.cookie));
    const all = await send("GET", "/sessions?everyone=true", undefined, by(pia.cookie));
    const others = await send("GET", `/sessions?operatorId=${adaId}`, undefined, by(pia.cookie));
    const everyone = await send("GET", "/sessions?everyone=true&limit=100", undefined, by(ada));
    const [adas] = (await send("GET", "/sessions", undefined, by(ada))).body.items;
    const foreign = await send("DELETE", `/sessions/${adas.id}`, undefined, by(pia.cookie));
    const mine = own.body.items.find((each: { isCurrent: boolean }) => !each.isCurrent);
    const ended = await send("DELETE", `/sessions/${mine.id}`, undefined, by(pia.cookie));

    assert.deepEqual([own.body.items.length, all.body.items.length, others.body.items.length], [2, 2, 0]);
    assert.ok(everyone.body.items.length > 2);
    assert.deepEqual([foreign.status, foreign.code, ended.status], [404, "no-such-session", 204]);
    assert.equal((await send("GET", "/session", undefined, by(second.cookie))).status, 401);
  });

  it("makes a service account, which has tokens and no roles", async () => {
    const made = await send("POST", "/service-accounts", { name: "Nightly export" });
    const twice = await send("POST", "/service-accounts", { name: "Nightly export" });
    const path = `/operators/${made.body.id}`;
    const roles = await send("PATCH", path, { roles: ["admin"] }, { ...admin, "if-match": "*" });
    const reset = await send("POST", `${path}/reset`);

    assert.deepEqual(
      [made.status, twice.code, roles.code, reset.code],
      [201, "name-taken", "not-a-person", "not-a-person"],
    );
  });

  it("gives a person who is made with a token the least role that may do what it may", async () => {
    const make = (email: string, scopes: string[]) =>
      send("POST", "/tokens", { name: "x", scopes, person: { name: "P", email } });
    const rolesOf = async (email: string) => {
      const { body } = await send("GET", "/operators?limit=100");
      return body.items.find((each: { email: string }) => each.email === email)?.roles;
    };
    await make("one@acme.example", ["plans:write"]);
    await make("two@acme.example", ["*"]);
    await make("three@acme.example", ["inventory:read"]);

    assert.deepEqual(await rolesOf("one@acme.example"), ["license-manager"]);
    assert.deepEqual(await rolesOf("two@acme.example"), ["admin"]);
    assert.deepEqual(await rolesOf("three@acme.example"), ["review-owner"]);
  });
});

describe("an invitation that is mailed", () => {
  it("is shown to nobody who invites, opens nothing as it is kept, and works once as it is written", async () => {
    const links = createLinkSigner([randomBytes(32)]);
    const server = await startTestServer({ services: { links, isMailSet: true } });
    try {
      const headers = server.authorization(await server.makeToken(["*"]));
      const send = (url: string, payload: object) =>
        server.app.inject({ method: "POST", url: `/api/v1${url}`, headers, payload });
      const invited = await send("/operators", { name: "Sam", email: "sam@acme.example", roles: ["auditor"] });
      const [mail] = await server.db.query<{ data: Record<string, string>; recipient: string }>(
        sql`select data, recipient from messages where kind = 'welcome'`,
      );
      const { parts } = welcomeMessage.write(mail?.data ?? {}, createMessageLinks("http://localhost", links));
      const url = parts.find((part) => part.kind === "link")?.url ?? "";
      const opened = await server.app.inject({ url: new URL(url).pathname });
      const code = decodeURIComponent(String(opened.headers.location).split("/").at(-1) ?? "");
      const password = "seven green umbrellas";
      const guessed = await send("/welcome", { code: mail?.data["linkId"], password });
      const altered = await send("/welcome", { code: `${code.slice(0, -4)}AAAA`, password });
      const set = await send("/welcome", { code, password });
      const again = await send("/welcome", { code, password });

      assert.deepEqual(
        [invited.json().url, invited.json().isMailed, mail?.recipient],
        [null, true, "sam@acme.example"],
      );
      assert.deepEqual([opened.statusCode, guessed.statusCode, altered.statusCode], [302, 410, 410]);
      assert.deepEqual([set.statusCode, set.json().roles, again.statusCode], [201, ["auditor"], 410]);
    } finally {
      await server.close();
    }
  });
});
