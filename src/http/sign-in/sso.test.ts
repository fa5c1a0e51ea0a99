import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createSignInLink } from "../../commands/sign-in/make-link.ts";
import { invitePerson } from "../../commands/operators/invite-person.ts";
import { createSecretBox } from "../../lib/secret-box.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "./testing/oidc-server.ts";

const URL_OF_USHER = "https://usher.acme.example";
const SESSION = "__Host-usher-session";
const ATTEMPT = "__Host-usher-sso";
const SETTINGS = {
  clientId: OIDC_CLIENT.id,
  scopes: ["openid", "email", "profile", "groups"],
  label: "Acme single sign-on",
  groupsClaim: "groups",
  mapping: [
    { value: "it", role: "connection-admin" },
    { value: "finance", role: "license-manager" },
  ],
  createsPeople: true,
  defaultRole: null,
};

describe("single sign-on, against a real provider", () => {
  let server: TestServer;
  let oidc: OidcServer;
  let admin: { authorization: string };
  let revision = 0;

  before(async () => {
    server = await startTestServer({ publicUrl: URL_OF_USHER });
    oidc = await startOidcServer(URL_OF_USHER);
    admin = server.authorization(await server.makeToken(["*"]));
    await createSignInLink(server, { name: "Ada", email: "ada@acme.example" });
    await save({});
  });
  after(async () => {
    await oidc.close();
    await server.close();
  });

  async function save(changes: object, secret: string | null = OIDC_CLIENT.secret) {
    const sso = { issuer: oidc.issuer, ...SETTINGS, ...changes, ...(secret === null ? {} : { clientSecret: secret }) };
    const response = await server.app.inject({
      method: "PUT",
      url: "/api/v1/settings/sign-in",
      headers: { ...admin, "if-match": `"${revision}"` },
      payload: { passwords: true, sso },
    });
    if (response.statusCode === 200) revision = response.json().revision;
    return response;
  }

  /** Leaves for the provider, as a browser does; gives what it keeps, and where it goes. */
  async function begin(path = "/sign-in/sso") {
    const response = await server.app.inject({ url: path });
    const cookie = response.cookies.find(({ name }) => name === ATTEMPT)?.value ?? "";
    return { status: response.statusCode, url: response.headers.location ?? "", cookie };
  }

  async function comeBack(url: string, cookie: string) {
    const { pathname, search } = new URL(url);
    const response = await server.app.inject({ url: pathname + search, headers: { cookie: `${ATTEMPT}=${cookie}` } });
    const session = response.cookies.find(({ name }) => name === SESSION);
    return { location: response.headers.location ?? "", session };
  }

  async function signIn(subject: string) {
    oidc.signedInAs(subject);
    const left = await begin();
    return comeBack(await oidc.follow(left.url), left.cookie);
  }

  async function call(method: "GET" | "DELETE", path: string, session: { value: string } | undefined) {
    const headers = { cookie: `${SESSION}=${session?.value}`, "usher-client": "web" };
    const response = await server.app.inject({ method, url: `/api/v1${path}`, headers });
    return { status: response.statusCode, body: response.json() };
  }

  async function reasons(): Promise<string[]> {
    const url = "/api/v1/journal?entry=session.refused";
    const { items } = (await server.app.inject({ url, headers: admin })).json();
    return items.map((each: { detail: { reason: string } }) => each.detail.reason);
  }

  it("says of itself what it offers, and never shows the client's secret", async () => {
    const options = await server.app.inject({ url: "/api/v1/sign-in" });
    const shown = await server.app.inject({ url: "/api/v1/settings/sign-in", headers: admin });
    const url = "/api/v1/settings/sign-in/check";
    const checked = await server.app.inject({ method: "POST", url, headers: admin, payload: { issuer: oidc.issuer } });
    const elsewhere = await server.app.inject({
      method: "POST",
      url,
      headers: admin,
      payload: { issuer: `${oidc.issuer}/nowhere` },
    });

    assert.deepEqual(options.json().oidc, { label: SETTINGS.label });
    assert.equal(shown.json().sso.hasClientSecret, true);
    assert.equal(shown.json().redirectUrl, `${URL_OF_USHER}/sign-in/sso/callback`);
    assert.ok(!shown.body.includes(OIDC_CLIENT.secret) && !server.logged().includes(OIDC_CLIENT.secret));
    assert.deepEqual([checked.statusCode, checked.json().warnings], [200, []]);
    assert.match(checked.json().endSessionEndpoint, /\/session\/end$/);
    assert.deepEqual([elsewhere.statusCode, elsewhere.json().code], [422, "issuer-not-usable"]);
  });

  it("makes whoever the provider lets in, with the roles of their groups, and goes on where they wanted to", async () => {
    oidc.users.set("sub-max", { email: "max@acme.example", email_verified: true, name: "Max Moon", groups: ["it"] });
    oidc.signedInAs("sub-max");
    const left = await begin("/sign-in/sso?next=/connections%3Fview%3Dmine");
    const back = await comeBack(await oidc.follow(left.url), left.cookie);
    const here = await call("GET", "/session", back.session);

    assert.match(left.url, /code_challenge_method=S256/);
    assert.equal(back.location, `${URL_OF_USHER}/connections?view=mine`);
    assert.equal(here.body.operator.name, "Max Moon");
    assert.deepEqual([here.body.roles, here.body.through], [["connection-admin"], "sso"]);
  });

  it("leads nowhere but to its own pages afterwards", async () => {
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
      oidc.signedInAs("sub-max");
      const left = await begin(`/sign-in/sso?next=${encodeURIComponent(next)}`);
      const back = await comeBack(await oidc.follow(left.url), left.cookie);

      assert.equal(back.location, `${URL_OF_USHER}/`);
    }
  });

  it("gives the roles of the groups anew at each sign-in, and lets nobody in who has none left", async () => {
    const before = await signIn("sub-max");
    oidc.users.set("sub-max", { email: "max@acme.example", email_verified: true, groups: ["finance"] });
    const moved = await signIn("sub-max");
    oidc.users.set("sub-max", { email: "max@acme.example", email_verified: true, groups: [] });
    const left = await signIn("sub-max");
    const earlier = await call("GET", "/connections", before.session);

    assert.deepEqual((await call("GET", "/session", moved.session)).body.roles, []);
    assert.equal(left.location, `${URL_OF_USHER}/sign-in?error=no-role`);
    assert.equal(left.session, undefined);
    assert.equal(earlier.status, 403);
    assert.equal((await reasons())[0], "no-role");
  });

  it("knows a person by an e-mail only if the provider has verified it, and then by the subject alone", async () => {
    const context = {
      db: server.db,
      clock: server.clock,
      secrets: createSecretBox([{ id: "x", key: Buffer.alloc(32) }]),
    };
    const { operator } = (await server.app.inject({ url: "/api/v1/whoami", headers: admin })).json();
    const olga = { name: "Olga", email: "olga@acme.example", roles: ["auditor" as const] };
    await invitePerson(
      { ...context, actor: { operatorId: operator.id, through: "api" } },
      { heldScopes: ["*"], isMailSet: false },
      olga,
    );
    await save({ mapping: [], createsPeople: false }, null);
    oidc.users.set("sub-liar", { email: "olga@acme.example", email_verified: false });
    oidc.users.set("sub-olga", { email: "Olga@acme.example", email_verified: true });
    oidc.users.set("sub-later", { email: "olga@acme.example", email_verified: true });

    const liar = await signIn("sub-liar");
    const first = await signIn("sub-olga");
    oidc.users.set("sub-olga", { email: "olga.new@acme.example", email_verified: true });
    const renamed = await signIn("sub-olga");
    const later = await signIn("sub-later");

    assert.equal(liar.location, `${URL_OF_USHER}/sign-in?error=unknown-person`);
    const here = await call("GET", "/session", first.session);
    assert.deepEqual([here.body.operator.email, here.body.roles], ["olga@acme.example", ["auditor"]]);
    assert.equal((await call("GET", "/session", renamed.session)).body.operator.id, here.body.operator.id);
    assert.equal(later.location, `${URL_OF_USHER}/sign-in?error=other-subject`);
    await save({}, null);
  });

  it("lets in nobody who is not known, when people are not made", async () => {
    await save({ createsPeople: false }, null);
    oidc.users.set("sub-stranger", { email: "stranger@acme.example", email_verified: true, groups: ["it"] });
    const refused = await signIn("sub-stranger");
    await save({}, null);

    assert.equal(refused.location, `${URL_OF_USHER}/sign-in?error=unknown-person`);
    assert.equal(refused.session, undefined);
  });

  it("takes no answer of another attempt, an altered one, one that is late, or none of its own", async () => {
    oidc.users.set("sub-eve", { email: "eve@acme.example", email_verified: true, groups: ["it"] });
    oidc.signedInAs("sub-eve");
    const [one, two] = [await begin(), await begin()];
    const back = await oidc.follow(one.url);
    const otherAttempt = await comeBack(back, two.cookie);
    const noAttempt = await comeBack(back, "");
    const altered = await comeBack(back, `${one.cookie.slice(0, -4)}AAAA`);
    const wrongCode = await comeBack(back.replace(/code=[^&]+/, "code=guessed"), one.cookie);
    server.clock.moveBy(10 * 60_000);
    const late = await comeBack(back, one.cookie);

    const errors = [otherAttempt, noAttempt, altered, wrongCode, late].map(
      ({ location }) => location.split("error=")[1],
    );
    assert.deepEqual(errors, ["sso-state", "sso-expired", "sso-expired", "sso-failed", "sso-expired"]);
  });

  it("takes a code once", async () => {
    oidc.signedInAs("sub-eve");
    const left = await begin();
    const back = await oidc.follow(left.url);
    const first = await comeBack(back, left.cookie);
    const again = await comeBack(back, left.cookie);

    assert.ok(first.session);
    assert.equal(again.location, `${URL_OF_USHER}/sign-in?error=sso-failed`);
  });

  it("says that somebody declined", async () => {
    const left = await begin();
    const state = new URL(left.url).searchParams.get("state") ?? "";
    const back = await comeBack(`${URL_OF_USHER}/sign-in/sso/callback?error=access_denied&state=${state}`, left.cookie);

    assert.equal(back.location, `${URL_OF_USHER}/sign-in?error=sso-declined`);
  });

  it("leads to the provider to sign out there too", async () => {
    const { session } = await signIn("sub-eve");
    const out = await call("DELETE", "/session", session);
    const after = await call("GET", "/session", session);
    const there = await fetch(out.body.signOutUrl);

    const url = new URL(out.body.signOutUrl);
    assert.equal(`${url.origin}${url.pathname}`, `${oidc.issuer}/session/end`);
    assert.equal(url.searchParams.get("post_logout_redirect_uri"), `${URL_OF_USHER}/sign-in`);
    assert.deepEqual([after.status, there.status], [401, 200]);
  });

  it("never sends a secret to another provider than it was entered for, and needs a way in", async () => {
    const moved = await save({ issuer: "https://evil.example" }, null);
    const insecure = await save({ issuer: "http://login.acme.example" });
    const none = await server.app.inject({
      method: "PUT",
      url: "/api/v1/settings/sign-in",
      headers: { ...admin, "if-match": "*" },
      payload: { passwords: false, sso: null },
    });

    assert.deepEqual([moved.statusCode, moved.json().code], [422, "secret-needed"]);
    assert.deepEqual([insecure.statusCode, insecure.json().errors[0].field], [400, "body.sso.issuer"]);
    assert.deepEqual([none.statusCode, none.json().code], [422, "no-way-in"]);
  });

  it("ends on the sign-in page when the provider does not answer", async () => {
    await save({ issuer: "http://127.0.0.1:9" });
    const left = await begin();
    await save({});

    assert.equal(left.url, `${URL_OF_USHER}/sign-in?error=sso-unreachable`);
  });
});
