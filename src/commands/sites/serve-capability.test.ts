import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Capability, Probe } from "../../model/connections.ts";
import { listJournal } from "../../store/journal.ts";
import { findLeadConnection, listSiteCapabilities } from "../../store/site-capabilities.ts";
import { findSite, saveProbes } from "../../store/sites.ts";
import { listRunReaders, saveRunReaders } from "../../store/run-readers.ts";
import { requestRun } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { type ConnectInstallation, connectInstallation, NOW } from "../../sync/connect/testing/connect-installation.ts";
import { archiveConnection } from "../connections/archive-connection.ts";
import { pauseConnection } from "../connections/pause-connection.ts";
import { publishConnection } from "../connections/publish-connection.ts";
import { removeSite } from "../connections/remove-site.ts";
import { resumeConnection } from "../connections/resume-connection.ts";
import { serveCapability } from "./serve-capability.ts";

describe("which connection reads a capability of a site", () => {
  let installation: ConnectInstallation;
  let sites = 0;
  before(async () => {
    installation = await connectInstallation();
  });
  after(() => installation.close());

  /** A site that two connections reach: the first reads roster and permissions, the second roster and activity. */
  async function shared(
    capabilities: [Capability[], Capability[]] = [
      ["roster", "permissions"],
      ["roster", "activity"],
    ],
  ) {
    sites += 1;
    const name = `shared-${sites}`;
    const site = { sourceKey: `cloud-${name}`, baseUrl: `https://${name}.example`, name, scopes: [] };
    const make = async (chosen: Capability[]) => {
      const id = await installation.makeConnection({ state: "validated", joined: [site] });
      await installation.db.transaction((tx) =>
        tx.execute(sql`update connections set capabilities = ${chosen} where id = ${id}`),
      );
      return id;
    };
    const [first, second] = [await make(capabilities[0]), await make(capabilities[1])];
    const [row] = await installation.db.query<{ id: string }>(sql`select id from sites where name = ${name}`);
    return { first, second, siteId: row?.id ?? "" };
  }

  async function readersOf(siteId: string): Promise<Record<string, string | null>> {
    const rows = await listSiteCapabilities(installation.db, [siteId]);
    return Object.fromEntries(
      rows.map(({ capability, connectionId, isServed }) => [capability, isServed ? connectionId : "nobody"]),
    );
  }

  async function enabledJobs(siteId: string): Promise<string[]> {
    const rows = await installation.db.query<{ connectionId: string }>(sql`
      select connection_id as "connectionId" from jobs where site_id = ${siteId} and enabled and kind = 'refresh-site'
    `);
    return rows.map((each) => each.connectionId);
  }

  async function saveOutcome(connectionId: string, siteId: string, capability: Capability, outcome: Probe["outcome"]) {
    const probe: Probe = { name: "Try", capability, outcome, detail: "Seen.", fix: null, tookMs: 1, checkedAt: NOW };
    await installation.db.transaction((tx) => saveProbes(tx, { connectionId, siteId, capability }, [probe]));
  }

  async function entryOf(subjectId: string, entry: string): Promise<Record<string, unknown>> {
    const page = { before: null, after: null, limit: 1, entry, subjectId };
    const [found] = await listJournal(installation.db, page);
    return (found?.detail ?? {}) as Record<string, unknown>;
  }

  async function endRuns(siteId: string): Promise<void> {
    await installation.db.transaction((tx) =>
      tx.execute(sql`update runs set state = 'succeeded' where site_id = ${siteId} and state = 'queued'`),
    );
  }

  it("is the first that was published; the next one takes only what nobody reads, and one job reads the site", async () => {
    const { first, second, siteId } = await shared();

    await publishConnection(installation, first);
    await publishConnection(installation, second);

    assert.deepEqual(await readersOf(siteId), { roster: first, activity: second, permissions: first });
    assert.deepEqual(await enabledJobs(siteId), [first]);
    const detail = await entryOf(second, "connection.published");
    assert.deepEqual(detail["takes"], [{ siteId, capabilities: ["activity"] }]);
    assert.deepEqual(detail["stays"], [{ siteId, capability: "roster", servedBy: first }]);
  });

  it("is the one whose check passed where that of the first failed", async () => {
    const { first, second, siteId } = await shared([
      ["roster", "activity"],
      ["roster", "activity"],
    ]);
    await saveOutcome(first, siteId, "activity", "failed");
    await saveOutcome(second, siteId, "activity", "passed");
    await publishConnection(installation, first);

    await publishConnection(installation, second);

    assert.deepEqual(await readersOf(siteId), { roster: first, activity: second });
  });

  it("goes over to the other one that can when its connection is paused, and stays there when that is resumed", async () => {
    const { first, second, siteId } = await shared();
    await publishConnection(installation, first);
    await publishConnection(installation, second);
    await endRuns(siteId);

    await pauseConnection(installation, first);
    const paused = await readersOf(siteId);
    const jobs = await enabledJobs(siteId);
    await resumeConnection(installation, first);

    assert.deepEqual(paused, { roster: second, activity: second, permissions: "nobody" });
    assert.deepEqual(jobs, [second]);
    assert.deepEqual(await readersOf(siteId), { roster: second, activity: second, permissions: first });
    assert.deepEqual(await enabledJobs(siteId), [second]);
  });

  it("degrades the site in words where nobody else can, until somebody does again", async () => {
    const { first, second, siteId } = await shared();
    await publishConnection(installation, first);
    await publishConnection(installation, second);

    await pauseConnection(installation, first);
    const lost = await findSite(installation.db, siteId);
    await resumeConnection(installation, first);
    const regained = await findSite(installation.db, siteId);
    await archiveConnection(installation, first);
    const archived = await findSite(installation.db, siteId);

    assert.equal(lost?.health, "degraded");
    assert.match(lost?.healthDetail?.reason ?? "", /Nobody reads permissions .* which did, is paused\./);
    assert.match(lost?.healthDetail?.fix ?? "", /^Resume "/);
    assert.deepEqual([regained?.health, regained?.healthDetail], ["connected", null]);
    assert.match(archived?.healthDetail?.reason ?? "", /was archived/);
  });

  it("is nobody's loss when a site's only connection is paused", async () => {
    const { first, siteId } = await shared();
    await publishConnection(installation, first);

    await pauseConnection(installation, first);

    assert.equal((await findSite(installation.db, siteId))?.healthDetail, null);
  });

  it("is what a person chose, with an entry of the journal and a run that reads it so", async () => {
    const { first, second, siteId } = await shared([
      ["roster", "activity"],
      ["roster", "activity"],
    ]);
    await publishConnection(installation, first);
    await publishConnection(installation, second);
    await endRuns(siteId);

    const chosen = await serveCapability(installation, siteId, "activity", second);

    assert.equal(chosen.ok, true);
    assert.deepEqual(await readersOf(siteId), { roster: first, activity: second });
    const [run] = await installation.db.query<{ id: string; connectionId: string }>(sql`
      select id, connection_id as "connectionId" from runs where site_id = ${siteId} and state = 'queued'
    `);
    assert.equal(run?.connectionId, first);
    await installation.db.transaction((tx) => saveRunReaders(tx, { id: run?.id ?? "", siteId, connectionId: first }));
    const readers = await listRunReaders(installation.db, run?.id ?? "");
    assert.deepEqual(
      new Map(readers.map((each) => [each.capability, each.connectionId])),
      new Map([
        ["roster", first],
        ["activity", second],
      ]),
    );
    const detail = await entryOf(siteId, "site.capability-served");
    assert.deepEqual(detail, { capability: "activity", from: first, to: second });
  });

  it("stays what a person chose while that can read it, also where another one passed and it failed", async () => {
    const { first, second, siteId } = await shared([
      ["roster", "activity"],
      ["roster", "activity"],
    ]);
    await publishConnection(installation, first);
    await serveCapability(installation, siteId, "activity", first);
    await saveOutcome(first, siteId, "activity", "failed");
    await saveOutcome(second, siteId, "activity", "passed");

    await publishConnection(installation, second);

    assert.deepEqual(await readersOf(siteId), { roster: first, activity: first });
  });

  it("may be nobody by choice, which is no loss, but never for the roster", async () => {
    const { first, siteId } = await shared();
    await publishConnection(installation, first);

    const off = await serveCapability(installation, siteId, "permissions", null);
    const roster = await serveCapability(installation, siteId, "roster", null);

    assert.equal(off.ok, true);
    assert.deepEqual(roster, { ok: false, error: "roster-always-on" });
    const [permissions] = (await listSiteCapabilities(installation.db, [siteId])).slice(-1);
    assert.deepEqual([permissions?.capability, permissions?.connectionId], ["permissions", null]);
    assert.notEqual((await findSite(installation.db, siteId))?.health, "degraded");
  });

  it("is refused to a connection that does not reach the site, is not published, or has it switched off", async () => {
    const { first, second, siteId } = await shared();
    const stranger = await installation.makeConnection({ state: "published" });
    await publishConnection(installation, first);

    const refusals = [
      await serveCapability(installation, siteId, "activity", stranger),
      await serveCapability(installation, siteId, "activity", second),
      await serveCapability(installation, siteId, "activity", first),
      await serveCapability(installation, "site_000000000000", "activity", first),
    ];

    assert.deepEqual(
      refusals.map((each) => (each.ok ? null : each.error)),
      ["not-of-site", "connection-not-published", "capability-off", "no-such-site"],
    );
  });

  it("goes over when its connection gives the site up", async () => {
    const { first, second, siteId } = await shared();
    await installation.db.transaction((tx) =>
      tx.execute(sql`
        insert into connection_sites (connection_id, site_id, added_at)
        select ${first}, id, ${NOW} from sites where id <> ${siteId} limit 1
      `),
    );
    await publishConnection(installation, first);
    await publishConnection(installation, second);

    await removeSite(installation, first, siteId);

    assert.equal(await findLeadConnection(installation.db, siteId), second);
    assert.deepEqual(await enabledJobs(siteId), [second]);
  });

  it("stays with a run as it was when that began", async () => {
    const { first, second, siteId } = await shared();
    await publishConnection(installation, first);
    await publishConnection(installation, second);
    await endRuns(siteId);
    const run = { siteId, connectionId: first, scope: "full", trigger: "person", requestedBy: "test" } as const;
    const id = await installation.db.transaction(async (tx) => {
      const queued = await requestRun(tx, { ...run, requestedAt: NOW });
      assert.ok(queued.ok);
      await saveRunReaders(tx, { id: queued.value, siteId, connectionId: first });
      return queued.value;
    });
    const before = await listRunReaders(installation.db, id);

    await pauseConnection(installation, first);
    await installation.db.transaction((tx) => saveRunReaders(tx, { id, siteId, connectionId: first }));

    assert.deepEqual(await listRunReaders(installation.db, id), before);
    assert.equal(before.length, 3);
  });
});
