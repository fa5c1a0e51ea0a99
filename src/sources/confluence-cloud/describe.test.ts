import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  codeIs,
  credential,
  NEVER,
  NOT_FOUND,
  pageOf,
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedSites,
} from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("a site's description", () => {
  const answers = (overrides: Record<string, ScriptedAnswer>) => (request: ScriptedRequest) => {
    const name = request.path.split("/").at(-1) ?? "";
    const plain: Record<string, ScriptedAnswer> = {
      systemInfo: { json: { edition: "STANDARD", siteTitle: "Acme", baseUrl: "https://acme.atlassian.net/wiki" } },
      "space-role-mode": { json: { mode: "ROLES" } },
      "space-roles": pageOf([]),
      current: { json: { accountId: "a1" } },
    };
    return overrides[name] ?? plain[name] ?? NOT_FOUND;
  };

  it("tells name, edition, role mode and the account behind the credential", async () => {
    const { site } = await open(answers({}));

    assert.deepEqual(await site.describe(NEVER), {
      name: "Acme",
      baseUrl: "https://acme.atlassian.net",
      edition: "standard",
      editionIdentifier: "STANDARD",
      roleMode: "roles",
      organizationId: null,
      currentAccountId: "a1",
    });
  });

  it("does not believe the role mode when there are no roles", async () => {
    const { site } = await open(answers({ "space-roles": NOT_FOUND }));

    assert.equal((await site.describe(NEVER)).roleMode, "pre-roles");
  });

  it("leaves unknown what the credential may not know", async () => {
    const { site } = await open(
      answers({ systemInfo: { status: 403, json: {} }, "space-role-mode": { status: 403, json: {} } }),
    );

    const { edition, roleMode, currentAccountId } = await site.describe(NEVER);

    assert.deepEqual([edition, roleMode, currentAccountId], [null, null, "a1"]);
  });

  it("takes a site that has roles and does not tell its mode, or tells an unknown one, for one in transition", async () => {
    const roles = pageOf([{ id: "r1", type: "SYSTEM", name: "Viewer", spacePermissions: ["read/space"] }]);
    for (const mode of [{ status: 403, json: {} }, { json: { mode: "ROLES_OF_TOMORROW" } }]) {
      const { site } = await open(answers({ "space-role-mode": mode, "space-roles": roles }));

      assert.equal((await site.describe(NEVER)).roleMode, "transition");
    }
  });

  it("brings the catalog of roles, which the next reading gives out without asking again", async () => {
    const { site, requests } = await open(
      answers({ "space-roles": pageOf([{ id: "r1", type: "CUSTOM", name: "Guest" }]) }),
    );
    const asked = () => requests.filter(({ path }) => path.endsWith("/space-roles")).length;
    await site.describe(NEVER);

    const [first, second] = [await site.readSpaceRoles(null, NEVER), await site.readSpaceRoles(null, NEVER)];

    assert.deepEqual(first.rows, second.rows);
    assert.equal(asked(), 2);
  });

  it("keeps an edition that it does not know under its own name", async () => {
    const { site } = await open(answers({ systemInfo: { json: { edition: "COMMUNITY" } } }));

    const { edition, editionIdentifier } = await site.describe(NEVER);

    assert.deepEqual([edition, editionIdentifier], ["unrecognized", "COMMUNITY"]);
  });

  it("is read with the credential that works when another one does not", async () => {
    const wrong = credential({ kind: "scoped-api-token" });
    const right = credential({ kind: "api-token" });
    const { site } = await open(
      (request) => (request.path.startsWith("/api/") ? { status: 401, text: "Unauthorized" } : answers({})(request)),
      [wrong, right],
    );

    assert.equal((await site.describe(NEVER)).name, "Acme");
  });

  it("is a failure when the token is wrong", async () => {
    const { site } = await open(() => ({ status: 401, text: "Unauthorized" }));

    await assert.rejects(site.describe(NEVER), codeIs("source.unauthorized"));
  });
});
