import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConnectionState } from "../model/connections.ts";
import {
  assumedExpiry,
  chooseCapabilities,
  consentScopes,
  defaultSettings,
  type LifeCycleVerb,
  nextState,
  DEFAULT_CAPABILITIES,
  refuseCredentialKind,
  stateAfterChange,
} from "./connections.ts";

describe("the life of a connection", () => {
  const STATES: ConnectionState[] = ["draft", "validated", "published", "paused", "archived"];
  const outcomes = (verb: LifeCycleVerb) =>
    STATES.map((state) => {
      const next = nextState(state, verb);
      return next.ok ? next.value : next.error;
    });

  it("is published once it was validated", () => {
    assert.deepEqual(outcomes("publish"), [
      "not-validated",
      "published",
      "already-published",
      "already-published",
      "archived",
    ]);
  });

  it("is paused and resumed between published and paused only", () => {
    assert.deepEqual(outcomes("pause"), ["not-published", "not-published", "paused", "not-published", "archived"]);
    assert.deepEqual(outcomes("resume"), ["not-paused", "not-paused", "not-paused", "published", "archived"]);
  });

  it("is archived from anywhere, and stays so", () => {
    assert.deepEqual(outcomes("archive"), ["archived", "archived", "archived", "archived", "archived"]);
    assert.deepEqual(nextState("archived", "archive"), { ok: false, error: "archived" });
  });

  it("goes back to draft by a change only while it was validated and not yet published", () => {
    assert.deepEqual(STATES.map(stateAfterChange), ["draft", "draft", "published", "paused", "archived"]);
  });
});

describe("the capabilities of a connection", () => {
  it("are put in their usual order, each once", () => {
    assert.deepEqual(chooseCapabilities(["permissions", "roster", "roster"]), {
      ok: true,
      value: ["roster", "permissions"],
    });
  });

  it("always hold the roster", () => {
    const chosen = chooseCapabilities(["activity"]);

    assert.equal(chosen.ok ? null : chosen.error.code, "roster-always-on");
  });

  it("are those that read unless reclaim, which writes, is chosen", () => {
    assert.ok(!DEFAULT_CAPABILITIES.includes("reclaim"));
    assert.deepEqual(chooseCapabilities(["reclaim", "roster"]), { ok: true, value: ["roster", "reclaim"] });
  });

  it("cannot be ones that do not exist yet, and the refusal names what can be chosen", () => {
    const chosen = chooseCapabilities(["roster", "reclaim", "provision"]);

    assert.equal(chosen.ok ? null : chosen.error.code, "capability-not-offered");
    assert.match(chosen.ok ? "" : chosen.error.detail, /so provision cannot.*roster, activity, permissions, reclaim/);
  });
});

describe("the scopes of a consent", () => {
  const NEEDS = [
    { capability: "roster", scopes: { oauth: ["offline_access", "read:b", "read:a"] } },
    { capability: "activity", scopes: { oauth: ["read:c", "read:a"], "api-token": ["read:d"] } },
  ] as const;

  it("are those of the capabilities that are on, each once, and the refresh token's", () => {
    assert.deepEqual(consentScopes(NEEDS, ["roster"], null), ["read:a", "read:b", "offline_access"]);
    assert.deepEqual(consentScopes(NEEDS, ["roster", "activity"], null), [
      "read:a",
      "read:b",
      "read:c",
      "offline_access",
    ]);
  });

  it("are those that the app has when they were entered", () => {
    assert.deepEqual(consentScopes(NEEDS, ["roster", "activity"], ["read:z"]), ["read:z", "offline_access"]);
  });
});

it("collects activity of 90 days, calls a seat idle after 60, and holds a sync that loses 20 % and 10 objects", () => {
  assert.deepEqual(defaultSettings(new Date("2026-11-21T12:00:00Z")), {
    analyzeActivitySince: new Date("2026-08-23T12:00:00Z"),
    idleAfterDays: 60,
    staleAfterHours: 36,
    safeguardPercentMax: 20,
    safeguardCountMin: 10,
    splitDisplayName: false,
  });
});

it("takes for each source only the kinds of credential that it reads with, and names them", () => {
  assert.equal(refuseCredentialKind("confluence-cloud", "api-token"), null);
  assert.equal(refuseCredentialKind("confluence-data-center", "basic"), null);
  const wrong = [
    refuseCredentialKind("confluence-cloud", "personal-access-token"),
    refuseCredentialKind("confluence-data-center", "organization-key"),
  ];
  assert.deepEqual(
    wrong.map((each) => each?.code),
    ["credential-not-for-source", "credential-not-for-source"],
  );
  assert.match(wrong[1]?.detail ?? "", /organization-key\. Enter one of the kind personal-access-token or basic\./);
});

it("expects an API token to end after a year, which is Atlassian's default, and nothing of a key", () => {
  const enteredAt = new Date("2026-11-21T12:00:00Z");

  assert.deepEqual(assumedExpiry("scoped-api-token", enteredAt), new Date("2027-11-21T12:00:00Z"));
  assert.equal(assumedExpiry("organization-key", enteredAt), null);
});
