import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RevisionSite } from "../model/connection-revisions.ts";
import type { Capability, Probe } from "../model/connections.ts";
import { defaultSettings } from "./connections.ts";
import { differencesOf, grantsToConsent, isCheckTooOld, judgeRevision, onlyWhatDiffers } from "./revisions.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const RUNNING = { capabilities: ["roster", "activity"] as Capability[], settings: defaultSettings(NOW) };

function probe(capability: Capability, outcome: Probe["outcome"], name = `Try ${capability}`): Probe {
  return { name, capability, outcome, detail: "Seen.", fix: null, tookMs: 1, checkedAt: NOW };
}

function site(siteId: string | null, ...probes: Probe[]): RevisionSite {
  const name = siteId ?? "new";
  return { siteId, sourceKey: name, baseUrl: `https://${name}.example`, name, typed: null, probes, servedBy: [] };
}

describe("a change of a connection in service", () => {
  it("is only what differs from what is running", () => {
    const change = onlyWhatDiffers(RUNNING, {
      capabilities: ["activity", "roster"],
      settings: { idleAfterDays: 60, staleAfterHours: 48, analyzeActivitySince: RUNNING.settings.analyzeActivitySince },
      addSites: [],
      removeSites: ["site_1", "site_1"],
    });

    assert.deepEqual(change, { settings: { staleAfterHours: 48 }, removeSites: ["site_1"] });
  });

  it("is told field by field, sites and credentials by their names", () => {
    const change = {
      capabilities: ["roster"] as Capability[],
      settings: { idleAfterDays: 30 },
      addSites: ["labs"],
      removeSites: ["site_1"],
      removeCredentials: ["credential_1"],
    };
    const parts = {
      sites: [{ id: "site_1", name: "Acme" }],
      credentials: [
        { id: "credential_1", name: "Old token" },
        { id: "credential_2", name: "Key" },
      ],
      entered: [{ id: "credential_3", name: "New key", replacesId: "credential_2" }],
    };

    assert.deepEqual(differencesOf(RUNNING, change, parts), [
      { field: "capabilities", before: ["roster", "activity"], after: ["roster"] },
      { field: "settings.idleAfterDays", before: 60, after: 30 },
      { field: "site", before: null, after: "labs" },
      { field: "site", before: "Acme", after: null },
      { field: "credential", before: "Key", after: "New key (new)" },
      { field: "credential", before: "Old token", after: null },
    ]);
  });
});

describe("the consents that a change needs", () => {
  const needs = [{ capability: "permissions" as const, scopes: { oauth: ["read:spaces"] } }];
  const grant = { id: "grant", kind: "oauth" as const, scopes: ["read:people"], askedScopes: null, isAuthorized: true };

  it("are those of grants that lack a scope of what is added", () => {
    const needed = grantsToConsent([grant, { ...grant, id: "wide", scopes: ["read:spaces"] }], needs, ["permissions"]);

    assert.deepEqual(
      needed.map((each) => each.id),
      ["grant"],
    );
  });

  it("are none where nothing is added, where a token reads beside the grant, or where the app has only its own scopes", () => {
    const token = { ...grant, id: "token", kind: "api-token" as const, scopes: null };

    assert.deepEqual(grantsToConsent([grant], needs, []), []);
    assert.deepEqual(grantsToConsent([grant, token], needs, ["permissions"]), []);
    assert.deepEqual(grantsToConsent([{ ...grant, askedScopes: ["read:people"] }], needs, ["permissions"]), []);
  });
});

describe("the check of a change", () => {
  const before = (...probes: Probe[]) => ({
    capabilities: RUNNING.capabilities,
    probesBySiteId: new Map([["one", probes]]),
  });
  const outcome = (judged: ReturnType<typeof judgeRevision>) => ({
    blocking: judged.blocking.map((each) => `${each.site}: ${each.name}`),
    warnings: judged.warnings.map((each) => `${each.site}: ${each.name}`),
  });

  it("blocks what worked and would not any more", () => {
    const judged = judgeRevision(
      [site("one", probe("roster", "passed"), probe("activity", "failed"))],
      before(probe("roster", "passed"), probe("activity", "passed")),
      RUNNING.capabilities,
    );

    assert.deepEqual(outcome(judged), { blocking: ["one: Try activity"], warnings: [] });
  });

  it("says nothing of what failed, or was a warning, before as well", () => {
    const audit = probe("activity", "warning", "Audit log");
    const judged = judgeRevision(
      [site("one", probe("roster", "passed"), probe("activity", "failed"), audit)],
      before(probe("roster", "passed"), probe("activity", "failed"), audit),
      RUNNING.capabilities,
    );

    assert.deepEqual(outcome(judged), { blocking: [], warnings: [] });
  });

  it("blocks a capability that is added and works nowhere, and warns where it works on another site", () => {
    const added: Capability[] = ["roster", "activity", "permissions"];
    const works = site("two", probe("roster", "passed"), probe("permissions", "passed"));
    const fails = site("one", probe("roster", "passed"), probe("permissions", "failed"));
    const known = before(probe("roster", "passed"));

    assert.deepEqual(outcome(judgeRevision([fails], known, added)), {
      blocking: ["one: Try permissions"],
      warnings: [],
    });
    assert.deepEqual(outcome(judgeRevision([fails, works], known, added)), {
      blocking: [],
      warnings: ["one: Try permissions"],
    });
    const unseen = site("one", probe("roster", "passed"), probe("permissions", "not-checked"));
    assert.deepEqual(outcome(judgeRevision([unseen], known, added)).blocking, ["one: Try permissions"]);
  });

  it("needs the roster of a site that is added, and warns of the rest", () => {
    const known = before(probe("roster", "passed"), probe("activity", "passed"));
    const kept = site("one", probe("roster", "passed"), probe("activity", "passed"));
    const judged = judgeRevision(
      [kept, site(null, probe("roster", "failed"), probe("activity", "failed"))],
      known,
      RUNNING.capabilities,
    );

    assert.deepEqual(outcome(judged), { blocking: ["new: Try roster"], warnings: ["new: Try activity"] });
  });

  it("warns of what could be looked at and no longer can", () => {
    const key = (seen: Probe["outcome"]) => probe("activity", seen, "Last activity in the organization");
    const judged = judgeRevision(
      [site("one", probe("roster", "passed"), probe("activity", "passed"), key("not-checked"))],
      before(probe("roster", "passed"), probe("activity", "passed"), key("passed")),
      RUNNING.capabilities,
    );

    assert.deepEqual(outcome(judged), { blocking: [], warnings: ["one: Last activity in the organization"] });
  });

  it("holds for a day", () => {
    const at = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

    assert.equal(isCheckTooOld(NOW, at(24)), false);
    assert.equal(isCheckTooOld(NOW, at(25)), true);
  });
});
