import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type InstallationHealthFacts, judgeInstallation } from "./installation-health.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const LIVING = { kind: "server", version: "1.0.0", isAlive: true } as const;
const WELL: InstallationHealthFacts = {
  server: { versionNumber: 180_004, sizeBytes: 12_000_000, now: NOW, transactionAge: 1_000, bloated: [] },
  schema: "as-known",
  processes: [LIVING],
  work: { waitingRuns: 0, forsakenRuns: 0 },
  jobs: [{ name: "Housekeeping", cron: "17 3 * * *", since: ago(8) }],
  credentials: [{ label: "Petra", connection: "Acme", isLost: false, expiresAt: ago(-24 * 30) }],
  sites: [{ name: "acme", health: "connected", lastSyncedAt: ago(12), staleAfterHours: 36 }],
  mail: { waiting: 0, checkIns: 0, lastError: null },
  lastBackupAt: ago(24),
  restored: null,
  journal: { intact: true, checked: 7, brokenAt: null, reason: null },
  latencyMs: 1,
  at: NOW,
};

const check = (name: string, change: Partial<InstallationHealthFacts>) => {
  const found = judgeInstallation({ ...WELL, ...change }).find((each) => each.name === name);
  return found && { verdict: found.verdict, words: `${found.says} ${found.fix}` };
};

describe("the health of an installation", () => {
  it("is well when all is well", () => {
    assert.deepEqual(
      judgeInstallation(WELL).filter((each) => each.verdict !== "ok" || each.fix !== null),
      [],
    );
  });

  const cases: [name: string, change: Partial<InstallationHealthFacts>, verdict: "warn" | "bad", words: RegExp][] = [
    ["database", { server: { ...WELL.server, versionNumber: 140_012 } }, "bad", /PostgreSQL 14\.12.*15 or newer/],
    ["schema", { schema: "older" }, "bad", /older version.*migrates/],
    ["schema", { schema: "newer" }, "bad", /newer version.*Update/],
    ["latency", { latencyMs: 120 }, "warn", /120 ms/],
    ["clock", { server: { ...WELL.server, now: ago(1) } }, "warn", /differ by 3600\.0 s.*NTP/],
    ["vacuum", { server: { ...WELL.server, bloated: ["memberships"] } }, "warn", /memberships/],
    ["vacuum", { server: { ...WELL.server, transactionAge: 1_900_000_000 } }, "bad", /transaction ids/],
    [
      "journal",
      { journal: { intact: false, checked: 2, brokenAt: 3, reason: "it was altered" } },
      "bad",
      /entry 3: it was altered/,
    ],
    ["processes", { processes: [{ ...LIVING, kind: "server-only" }] }, "bad", /No process executes.*usher worker/],
    ["processes", { processes: [LIVING, { ...LIVING, kind: "worker", version: "0.9.0" }] }, "warn", /1\.0\.0, 0\.9\.0/],
    ["processes", { processes: [LIVING, { ...LIVING, kind: "worker", isAlive: false }] }, "warn", /1 of 2/],
    ["runs", { work: { waitingRuns: 3, forsakenRuns: 0 } }, "warn", /3 runs have waited/],
    ["runs", { work: { waitingRuns: 0, forsakenRuns: 1 } }, "bad", /no process holds/],
    ["jobs", { jobs: [{ name: "Refresh acme", cron: "17 3 * * *", since: ago(30) }] }, "warn", /Refresh acme/],
    [
      "credentials",
      { credentials: [{ label: "Petra", connection: "Acme", isLost: true, expiresAt: null }] },
      "bad",
      /Petra of Acme/,
    ],
    [
      "credentials",
      { credentials: [{ label: "Petra", connection: "Acme", isLost: false, expiresAt: ago(-48) }] },
      "warn",
      /within 14 days: Petra/,
    ],
    [
      "sites",
      { sites: [{ name: "acme", health: "connected", lastSyncedAt: ago(40), staleAfterHours: 36 }] },
      "bad",
      /too old: acme/,
    ],
    [
      "sites",
      { sites: [{ name: "acme", health: "degraded", lastSyncedAt: ago(1), staleAfterHours: 36 }] },
      "warn",
      /acme/,
    ],
    ["backup", { lastBackupAt: null }, "warn", /No backup/],
    ["backup", { lastBackupAt: ago(24 * 9) }, "warn", /9 days ago/],
    ["restored copy", { restored: { madeAt: ago(30) } }, "warn", /2026-05-02T06:00.*restore confirm/],
  ];
  for (const [name, change, verdict, words] of cases) {
    it(`tells by "${name}" that something is ${verdict === "bad" ? "broken" : "to be looked at"}: ${words.source}`, () => {
      const found = check(name, change);

      assert.equal(found?.verdict, verdict);
      assert.match(found.words, words);
    });
  }

  it("names at most five things of a kind", () => {
    const jobs = Array.from({ length: 8 }, (_, n) => ({ name: `job ${n}`, cron: "17 3 * * *", since: ago(60) }));

    assert.match(check("jobs", { jobs })?.words ?? "", /job 4 and 3 more\./);
  });
});
