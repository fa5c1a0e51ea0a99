import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SiteListing } from "../source.ts";
import { credential } from "../testing/scripted-atlassian.ts";
import { abilitiesOf } from "./abilities.ts";
import { SITE_LISTINGS } from "./listings.ts";
import { CONFLUENCE_CLOUD_NEEDS } from "./needs.ts";

// Read with an organization key, and what only Data Center has.
const NOT_OF_A_CLOUD_SITE = ["organization-accounts", "organization-groups", "subgroups"];

function servedWith(...credentials: Parameters<typeof abilitiesOf>[0]): SiteListing[] {
  const { listings } = abilitiesOf(credentials);
  return SITE_LISTINGS.filter((listing) => listings[listing] === null);
}

describe("what credentials can serve", () => {
  it("is everything of the site with a classic API token", () => {
    const expected = SITE_LISTINGS.filter((listing) => !NOT_OF_A_CLOUD_SITE.includes(listing));

    assert.deepEqual(servedWith(credential({ kind: "api-token" })), expected);
  });

  it("is only what another connection does not read, where several share the site", () => {
    const roster = { ...credential({ id: "one", kind: "api-token" }), capabilities: ["roster" as const] };
    const activity = { ...credential({ id: "two", kind: "api-token" }), capabilities: ["activity" as const] };

    const { listings, servedBy } = abilitiesOf([activity, roster]);

    assert.equal(servedBy.members?.credentialId, "one");
    assert.equal(servedBy.content?.credentialId, "two");
    assert.equal(listings.spaces?.code, "source.missing-credential");
  });

  it("is users, content and audit with Flexera's two granular scopes", () => {
    const scopes = ["read:content-details:confluence", "read:audit-log:confluence"];

    assert.deepEqual(servedWith(credential({ kind: "oauth", scopes })), [
      "accounts",
      "accounts-by-id",
      "content",
      "audit",
    ]);
  });

  it("is groups, members, users by id and content with ServiceNow's classic scopes", () => {
    const scopes = ["read:confluence-groups", "read:confluence-user", "search:confluence", "write:confluence-groups"];

    assert.deepEqual(servedWith(credential({ kind: "oauth", scopes })), [
      "accounts-by-id",
      "groups",
      "product-access",
      "members",
      "groups-of-account",
      "content",
    ]);
  });

  it("is everything of the site with the scopes that the capabilities name", () => {
    const scopes = CONFLUENCE_CLOUD_NEEDS.flatMap((needs) => needs.scopes.oauth ?? []);
    const expected = SITE_LISTINGS.filter((listing) => !NOT_OF_A_CLOUD_SITE.includes(listing));

    assert.deepEqual(servedWith(credential({ kind: "oauth", scopes })), expected);
  });

  it("is told with the scope to add, in the style of those that are there", () => {
    const { listings } = abilitiesOf([credential({ kind: "oauth", scopes: ["search:confluence"] })]);

    assert.equal(listings.groups?.code, "source.missing-scope");
    assert.match(listings.groups?.fix ?? "", /read:confluence-groups/);
    assert.equal(listings["organization-accounts"]?.code, "source.missing-credential");
    assert.match(listings["organization-accounts"]?.fix ?? "", /organization API key/);
  });

  it("goes through the API token where both are given: it costs no points", () => {
    const scopes = CONFLUENCE_CLOUD_NEEDS.flatMap((needs) => needs.scopes.oauth ?? []);
    const grant = credential({ kind: "oauth", scopes });
    const token = credential({ kind: "api-token" });

    const { servedBy } = abilitiesOf([grant, token]);

    assert.deepEqual(servedBy.members, { credentialId: token.id, countsPoints: false });
    assert.deepEqual(servedBy["space-permissions"], { credentialId: token.id, countsPoints: false });
  });

  it("goes through the grant where the token's scopes do not serve", () => {
    const grant = credential({ kind: "oauth", scopes: ["read:space:confluence"] });
    const token = credential({ kind: "scoped-api-token", scopes: ["read:confluence-groups"] });

    const { servedBy } = abilitiesOf([grant, token]);

    assert.deepEqual(servedBy.spaces, { credentialId: grant.id, countsPoints: true });
    assert.deepEqual(servedBy.groups, { credentialId: token.id, countsPoints: false });
  });
});
