import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SourceFailure } from "../source.ts";
import {
  CLOUD_ID,
  credential,
  NEVER,
  openScripted,
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedServers,
} from "../testing/scripted-atlassian.ts";

const serve = scriptedServers();

async function open(answer: (request: ScriptedRequest) => ScriptedAnswer) {
  const server = await serve(answer);
  const { source } = openScripted(server);
  const hint = (text: string) => {
    const result = source.understandSite(text);
    return result.ok ? result.value : assert.fail(result.error.message);
  };
  return { source, hint, requests: server.requests };
}

describe("the sites that a credential reaches", () => {
  it("are those of the grant that hold Confluence, each once with its own scopes", async () => {
    const { source } = await open(() => ({
      json: [
        { id: "c1", name: "acme", url: "https://acme.atlassian.net", scopes: ["read:jira-work"] },
        { id: "c1", name: "acme", url: "https://acme.atlassian.net", scopes: ["search:confluence"] },
        { id: "c2", name: "labs", url: "https://labs.atlassian.net", scopes: ["read:space:confluence"] },
        { id: "c3", name: "jira-only", url: "https://jira-only.atlassian.net", scopes: ["read:jira-work"] },
      ],
    }));

    const sites = await source.listSites(credential({ kind: "oauth" }), null, NEVER);

    assert.deepEqual(sites, [
      { sourceKey: "c1", baseUrl: "https://acme.atlassian.net", name: "acme", scopes: ["search:confluence"] },
      { sourceKey: "c2", baseUrl: "https://labs.atlassian.net", name: "labs", scopes: ["read:space:confluence"] },
    ]);
  });

  it("are none for a grant that covers nothing", async () => {
    const { source } = await open(() => ({ json: [] }));

    assert.deepEqual(await source.listSites(credential({ kind: "oauth" }), null, NEVER), []);
  });

  it("is the one that was typed for an API token, whose token the question does not show", async () => {
    const { source, hint, requests } = await open(() => ({ json: { cloudId: CLOUD_ID } }));

    const sites = await source.listSites(credential({ kind: "api-token" }), hint("acme"), NEVER);

    assert.deepEqual(
      sites.map(({ sourceKey, name }) => [sourceKey, name]),
      [[CLOUD_ID, "acme"]],
    );
    assert.equal(requests[0]?.path, "/site/acme/_edge/tenant_info");
    assert.equal(requests[0]?.headers.authorization, undefined);
  });

  it("is found by the cloud id for a scoped API token", async () => {
    const links = { base: "https://acme.atlassian.net/wiki" };
    const { source, hint } = await open(() => ({ json: { results: [], _links: links } }));

    const sites = await source.listSites(credential({ kind: "scoped-api-token" }), hint(CLOUD_ID), NEVER);

    assert.deepEqual(
      sites.map(({ sourceKey, baseUrl, name }) => [sourceKey, baseUrl, name]),
      [[CLOUD_ID, "https://acme.atlassian.net", "acme"]],
    );
  });

  it("cannot be told for a classic API token without the site's address", async () => {
    const { source, hint } = await open(() => ({ json: {} }));

    await assert.rejects(
      source.listSites(credential({ kind: "api-token" }), hint(CLOUD_ID), NEVER),
      (thrown) => thrown instanceof SourceFailure && thrown.publicMessage.includes(CLOUD_ID),
    );
  });

  it("are those of the organization for its key", async () => {
    const { source } = await open(({ path }) =>
      path.endsWith("/v1/orgs")
        ? { json: { data: [{ id: "org-1" }] } }
        : {
            json: {
              data: [
                {
                  id: `ari:cloud:confluence::site/${CLOUD_ID}`,
                  attributes: { name: "acme", hostUrl: "https://acme.atlassian.net" },
                },
              ],
            },
          },
    );

    const sites = await source.listSites(credential({ kind: "organization-key" }), null, NEVER);

    assert.deepEqual(
      sites.map(({ sourceKey, baseUrl }) => [sourceKey, baseUrl]),
      [[CLOUD_ID, "https://acme.atlassian.net"]],
    );
  });
});
