import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Change } from "../../model/changes.ts";
import {
  credential,
  failureOf,
  NEVER,
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedSites,
} from "../testing/scripted-atlassian.ts";

const openSite = scriptedSites();
const SCIM = credential({ kind: "scim-key", directoryId: "d-scim" });
const TOKEN = credential({ kind: "api-token" });
const DEACTIVATE: Change = { kind: "scim-deactivate", accountSourceId: "a1" };
const SCIM_JSON = { "content-type": "application/scim+json;charset=UTF-8" };
const EXTENSION = "urn:scim:schemas:extension:atlassian-external:1.0";

/** The site tells the e-mail; the directory knows one user by it. */
function directory(patch: ScriptedAnswer, accountOfUser = "a1") {
  return ({ method, path }: ScriptedRequest): ScriptedAnswer => {
    if (!path.startsWith("/api/scim/")) return { json: { results: [{ accountId: "a1", email: "ann@acme.example" }] } };
    if (method === "PATCH") return patch;
    const user = { id: "u1", userName: "ann@acme.example", [EXTENSION]: { atlassianAccountId: accountOfUser } };
    return { headers: SCIM_JSON, json: { totalResults: 1, Resources: [user] } };
  };
}

describe("a user of a SCIM directory", () => {
  it("is found by its e-mail and deactivated by a PATCH of one attribute", async () => {
    const answer = directory({ headers: SCIM_JSON, json: { id: "u1", active: false } });
    const { site, requests } = await openSite(answer, [TOKEN, SCIM]);

    await site.writer?.make(DEACTIVATE, NEVER);

    const [find, patch] = requests.filter(({ path }) => path.startsWith("/api/scim/"));
    assert.equal(find?.path, "/api/scim/directory/d-scim/Users");
    // Spec SCIM: a filter is "a single exact match (`eq`) against the `userName` and `externalId` attributes".
    assert.equal(find?.query.get("filter"), 'userName eq "ann@acme.example"');
    assert.equal(patch?.path, "/api/scim/directory/d-scim/Users/u1");
    assert.equal(patch?.headers["content-type"], "application/scim+json");
    assert.deepEqual(patch?.body, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", path: "active", value: false }],
    });
  });

  it("is activated the same way", async () => {
    const { site, requests } = await openSite(directory({ headers: SCIM_JSON, json: { id: "u1" } }), [TOKEN, SCIM]);

    await site.writer?.make({ ...DEACTIVATE, kind: "scim-activate" }, NEVER);

    const patch = requests.at(-1)?.body as { Operations: { value: boolean }[] };
    assert.equal(patch.Operations[0]?.value, true);
  });

  it("is left alone when the directory's user of that e-mail is another account", async () => {
    const { site, requests } = await openSite(directory({}, "somebody-else"), [TOKEN, SCIM]);

    const failure = await failureOf(Promise.resolve(site.writer?.make(DEACTIVATE, NEVER)));

    assert.equal(failure.code, "source.not-found");
    assert.ok(requests.every(({ method }) => method !== "PATCH"));
  });

  it("is not known to be changed after a 503, though the document says that it may be retried", async () => {
    const { site, requests } = await openSite(directory({ status: 503, json: {} }), [TOKEN, SCIM]);

    const failure = await failureOf(Promise.resolve(site.writer?.make(DEACTIVATE, NEVER)));

    assert.equal(failure.code, "source.uncertain");
    assert.equal(requests.filter(({ method }) => method === "PATCH").length, 1);
  });

  it("is refused to a wrong key, which is told as such", async () => {
    const refused: ScriptedAnswer = { status: 401, json: { error: "Unauthorized", traceId: "t1" } };
    const { site } = await openSite(directory(refused), [TOKEN, SCIM]);

    const failure = await failureOf(Promise.resolve(site.writer?.make(DEACTIVATE, NEVER)));

    assert.equal(failure.code, "source.unauthorized");
    assert.match(failure.publicMessage, /SCIM directory key/);
  });

  it("cannot be changed without the key of its directory", async () => {
    const { site, requests } = await openSite(() => ({}), [TOKEN]);

    assert.equal(site.writer?.abilities["scim-deactivate"]?.code, "source.missing-credential");
    assert.equal(
      (await failureOf(Promise.resolve(site.writer?.make(DEACTIVATE, NEVER)))).code,
      "source.missing-credential",
    );
    assert.equal(requests.length, 0);
  });

  it("is no way for the key to read or change anything of the site", async () => {
    const { site } = await openSite(() => ({}), [SCIM]);

    assert.ok(Object.values(site.abilities.listings).every((failure) => failure !== null));
    assert.notEqual(site.writer?.abilities["remove-member"], null);
    assert.equal(site.writer?.abilities["scim-activate"], null);
  });
});
