import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { connectInstallation, type ConnectInstallation } from "../../sync/connect/testing/connect-installation.ts";
import { changeJob } from "../jobs/change-job.ts";
import { startJob } from "../jobs/start-job.ts";
import { serveCapability } from "../sites/serve-capability.ts";
import { pauseConnection } from "./pause-connection.ts";
import { publishConnection } from "./publish-connection.ts";
import { resumeConnection } from "./resume-connection.ts";

describe("the job that follows a site's changes", () => {
  let installation: ConnectInstallation;
  let connectionId: string;
  before(async () => {
    installation = await connectInstallation();
    const joined = [{ sourceKey: "one", baseUrl: "https://one.example", name: "one", scopes: [] }];
    connectionId = await installation.makeConnection({ state: "validated", joined });
    await publishConnection(installation, connectionId);
  });
  after(() => installation.close());

  async function job() {
    const [found] = await installation.db.query<{ id: string; name: string; cron: string; enabled: boolean }>(sql`
      select id, name, cron, enabled from jobs where connection_id = ${connectionId} and kind = 'refresh-changes'
    `);
    assert.ok(found);
    return found;
  }

  async function siteOfConnection(): Promise<string> {
    const [site] = await installation.db.query<{ id: string }>(sql`
      select site_id as id from connection_sites where connection_id = ${connectionId}
    `);
    return site?.id ?? "";
  }

  it("comes with the daily one when a connection is published, every hour", async () => {
    const { name, cron, enabled } = await job();

    assert.deepEqual([name, enabled], ["Refresh changes one", true]);
    assert.match(cron, /^\d{1,2} \* \* \* \*$/);
  });

  it("is off while activity is not read, because the audit log belongs to it", async () => {
    const siteId = await siteOfConnection();
    await serveCapability(installation, siteId, "activity", null);
    const without = await job();
    await pauseConnection(installation, connectionId);
    await resumeConnection(installation, connectionId);
    const resumed = await job();
    await serveCapability(installation, siteId, "activity", connectionId);

    assert.deepEqual([without.enabled, resumed.enabled, (await job()).enabled], [false, false, true]);
  });

  it("stays off, as the daily one does, once a person switched it off, whatever is settled about the site", async () => {
    const jobs = await installation.db.query<{ id: string }>(sql`select id from jobs where site_id is not null`);
    const enabled = async () =>
      (await installation.db.query<{ enabled: boolean }>(sql`select enabled from jobs where site_id is not null`)).map(
        (each) => each.enabled,
      );
    for (const { id } of jobs) await changeJob(installation, id, { enabled: false });

    await serveCapability(installation, await siteOfConnection(), "activity", connectionId);
    const settled = await enabled();
    await pauseConnection(installation, connectionId);
    await resumeConnection(installation, connectionId);
    const resumed = await enabled();
    for (const { id } of jobs) await changeJob(installation, id, { enabled: true });

    assert.deepEqual(
      [settled, resumed, await enabled()],
      [
        [false, false],
        [false, false],
        [true, true],
      ],
    );
  });

  it("begins a delta run, and leaves its turn out while another run of the site is under way", async () => {
    const { id } = await job();

    const skipped = await startJob(installation, id, "schedule");
    await installation.db.transaction((tx) => tx.execute(sql`update runs set state = 'succeeded'`));
    const started = await startJob(installation, id, "schedule");

    assert.equal(skipped.ok && skipped.value.state, "skipped");
    assert.equal(started.ok && started.value.state, "running");
    const runs = await installation.db.query(sql`select scope from runs where state = 'queued'`);
    assert.deepEqual(runs, [{ scope: "delta" }]);
  });
});
