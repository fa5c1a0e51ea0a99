import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { credential } from "../testing/scripted-atlassian.ts";
import { abilitiesOf } from "./abilities.ts";
import { forecastRequests } from "./forecast.ts";
import { CONFLUENCE_CLOUD_NEEDS } from "./needs.ts";

const LARGE = {
  accounts: 9_500,
  groups: 500,
  memberships: 9_500 + 499 * 60,
  productAccessGroups: 2,
  productAccessMemberships: 9_560,
  spaces: 2_000,
  permissionsPerSpace: 120,
  contentItems: 0,
  roleMode: null,
};
const TOKEN = credential({ kind: "api-token" });
const GRANT = credential({
  kind: "oauth",
  scopes: CONFLUENCE_CLOUD_NEEDS.flatMap((needs) => needs.scopes.oauth ?? []),
});
const KEY = credential({ kind: "organization-key" });

describe("a forecast", () => {
  it("of a full run of a large site keeps to 2,750 requests, and costs no points with an API token", () => {
    const { servedBy } = abilitiesOf([TOKEN]);

    const { requests, points } = forecastRequests({ ...LARGE, servedBy }, "full");

    assert.equal(requests, 48 + 95 + 3 + 2 + 547 + 8 + 2_000 + 1 + 1);
    assert.equal(points, 0);
  });

  it("of a site in transition asks each space in both models, at no more than 2,000 requests for 2,000 spaces", () => {
    const { servedBy } = abilitiesOf([GRANT]);
    const inBoth = { ...LARGE, permissionsPerSpace: 160, servedBy };
    const old = forecastRequests({ ...inBoth, roleMode: "pre-roles" }, "full");

    const between = forecastRequests({ ...inBoth, roleMode: "transition" }, "full");

    assert.equal(between.requests - old.requests, 2_000);
    assert.equal(between.points - old.points, 2_000);
  });

  it("of the same with OAuth counts two points for each identity object and one for each space", () => {
    const { servedBy } = abilitiesOf([GRANT]);

    const { requests, points } = forecastRequests({ ...LARGE, servedBy }, "full");

    const identities = 9_500 * 2 + 500 + 2 + (9_500 + 499 * 60) + 240_000;
    assert.equal(points, requests + identities * 2 + 2_000);
  });

  it("needs fewer requests with an organization key, which brings statuses and memberships", () => {
    const { servedBy } = abilitiesOf([TOKEN, KEY]);

    assert.ok(forecastRequests({ ...LARGE, servedBy }, "full").requests <= 2_250);
  });

  it("of the license-relevant part keeps to 120 requests", () => {
    const { servedBy } = abilitiesOf([TOKEN]);

    assert.ok(forecastRequests({ ...LARGE, servedBy }, "license").requests <= 120);
  });

  it("leaves out what no credential serves", () => {
    const { servedBy } = abilitiesOf([credential({ kind: "oauth", scopes: ["search:confluence"] })]);

    assert.deepEqual(forecastRequests({ ...LARGE, contentItems: 500, servedBy }, "full"), { requests: 2, points: 502 });
  });

  it("counts the pages of the audit log, and the empty one that ends it", () => {
    const { servedBy } = abilitiesOf([credential({ kind: "oauth", scopes: ["read:audit-log:confluence"] })]);

    const forecast = forecastRequests({ ...LARGE, auditRecords: 9_500, servedBy }, "full");

    assert.deepEqual(forecast, { requests: 11, points: 9_511 });
  });

  it("of changes is what reading the audit log costs: what it will name nobody knows", () => {
    const { servedBy } = abilitiesOf([TOKEN]);

    assert.equal(forecastRequests({ ...LARGE, servedBy }, "delta").requests, 1);
  });
});
