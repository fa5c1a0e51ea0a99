import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { FaultRule } from "../src/sim/faults.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import { listJournal } from "../src/store/journal.ts";
import { listSitesOfConnection } from "../src/store/sites.ts";
import { sql } from "../src/store/sql.ts";
import { createConnectService } from "../src/sync/connect/service.ts";
import { type ConnectInstallation, connectInstallation } from "../src/sync/connect/testing/connect-installation.ts";

const NEVER = new AbortController().signal;
const GROUPS = "/wiki/rest/api/group";

describe("proving write access", () => {
  let simulator: Simulator;
  let installation: ConnectInstallation;
  let service: ReturnType<typeof createConnectService>["service"];
  let connectionId: string;
  let siteId: string;

  beforeEach(async () => {
    installation = await connectInstallation();
    const { clock, options, addSecret, db } = installation;
    simulator = await startSimulator({ clock, limits: "off" });
    const hosts = {
      authUrl: `${simulator.url}/auth`,
      apiUrl: `${simulator.url}/api`,
      siteUrl: (name: string) => `${simulator.url}/site/${name}`,
    };
    service = createConnectService({ ...options, sources: createSources({ hosts, clock }) }).service;
    const acme = simulator.world.sites.find(({ name }) => name === "acme");
    const joined = { sourceKey: acme?.cloudId ?? "", baseUrl: hosts.siteUrl("acme"), name: "Acme", scopes: [] };
    connectionId = await installation.makeConnection({ joined: [joined] });
    await addSecret(connectionId, "api-token", "sim-classic-token-of-petra");
    await db.transaction(async (tx) => {
      await tx.execute(sql`update connections set capabilities = array['roster', 'reclaim']`);
      await tx.execute(sql`update credentials set account_email = 'petra@acme.example'`);
    });
    siteId = (await listSitesOfConnection(db, connectionId))[0]?.id ?? "";
  });
  afterEach(async () => {
    await simulator.close();
    await installation.close();
  });

  const prove = () => service.proveWrites(installation.actor, connectionId, siteId, NEVER);
  const fault = (rules: FaultRule[]) => simulator.sim.faults.replace(rules);
  const leftGroups = () =>
    [...(simulator.world.sites.find(({ name }) => name === "acme")?.groups.values() ?? [])].filter(({ name }) =>
      name.startsWith("usher-write-proof-"),
    );
  const probes = async () => (await listSitesOfConnection(installation.db, connectionId))[0]?.probes ?? [];
  const entries = async () => {
    const page = { before: null, after: null, limit: 20, entry: null, subjectId: connectionId };
    return (await listJournal(installation.db, page)).map(({ entry }) => entry);
  };

  it("makes, uses and deletes a group on a site that is observed only, and leaves nothing", async () => {
    const proof = await prove();

    assert.ok(proof.ok, JSON.stringify(proof));
    assert.equal(proof.value.state, "proved");
    assert.deepEqual(
      proof.value.steps.map(({ name, outcome }) => [name, outcome]),
      [
        ["Make a temporary group", "passed"],
        ["Add the credential's own account", "passed"],
        ["Remove it again", "passed"],
        ["Delete the group", "passed"],
      ],
    );
    assert.equal(proof.value.mayBeLeft, false);
    assert.deepEqual(leftGroups(), []);
    assert.deepEqual((await entries()).toReversed(), [
      "connection.write-proof-started",
      "connection.write-proof-ended",
    ]);
  });

  it("keeps who proved it and when among the site's probes, through later checks as well", async () => {
    await prove();
    await service.check(installation.actor, connectionId, NEVER);

    const kept = (await probes()).filter(({ name }) => name === "Write proof");
    assert.equal(kept.length, 1);
    assert.equal(kept[0]?.outcome, "passed");
    assert.match(kept[0]?.detail ?? "", /^Proved on 2026-11-21 by Petra: Make a temporary group \d/);
  });

  it("is not shaken by answers that never come: what is read back decides", async () => {
    fault([{ kind: "drop-after", method: "POST", path: `${GROUPS}$` }]);

    const proof = await prove();

    assert.equal(proof.ok && proof.value.state, "proved");
    assert.deepEqual(leftGroups(), []);
  });

  it("deletes the group when a later step fails, and says what failed and what to do", async () => {
    fault([{ kind: "status", status: 403, method: "POST", path: "/userByGroupId$", times: 9 }]);

    const proof = await prove();

    assert.ok(proof.ok);
    assert.deepEqual([proof.value.state, proof.value.problem?.code], ["failed", "source.missing-role"]);
    assert.match(proof.value.notes.join(), /The temporary group "usher-write-proof-.*" was deleted/);
    assert.deepEqual(leftGroups(), []);
    assert.equal((await probes()).find(({ name }) => name === "Write proof")?.outcome, "failed");
  });

  it("tells of a group that it could not delete, and the next proof deletes it", async () => {
    fault([{ kind: "status", status: 403, method: "DELETE", path: "/by-id$", times: 9 }]);
    const first = await prove();
    const left = leftGroups().length;
    fault([]);

    const second = await prove();

    assert.ok(first.ok && second.ok);
    assert.equal(left, 1);
    assert.equal(first.value.mayBeLeft, true);
    assert.match(first.value.notes.join(), /may still be there; the next proof deletes it/);
    assert.match(second.value.notes.join(), /Of an earlier proof: The temporary group .* was deleted/);
    assert.equal(second.value.state, "proved");
    assert.deepEqual(leftGroups(), []);
  });

  it("finds what a process left that died after it had sent, by the name that was recorded before", async () => {
    const left = await fetch(`${simulator.url}/site/acme${GROUPS}`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from("petra@acme.example:sim-classic-token-of-petra").toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ name: "usher-write-proof-ofthedead" }),
    });
    assert.equal(left.status, 201);
    await installation.db.transaction((tx) =>
      tx.execute(sql`
        insert into write_proofs (connection_id, site_id, requested_by, group_name, started_at)
        values (${connectionId}, ${siteId}, ${installation.actor.operatorId}, 'usher-write-proof-ofthedead', now())
      `),
    );

    const proof = await prove();

    assert.equal(proof.ok && proof.value.state, "proved");
    assert.deepEqual(leftGroups(), []);
    assert.ok((await entries()).includes("connection.write-proof-cleaned-up"));
    const states = await installation.db.query<{ state: string; mayBeLeft: boolean }>(
      sql`select state, may_be_left as "mayBeLeft" from write_proofs order by started_at`,
    );
    assert.ok(states.some(({ state }) => state === "interrupted"));
    assert.ok(states.every(({ mayBeLeft }) => !mayBeLeft));
  });

  it("is for a person to ask, on a connection that may reclaim, one at a time", async () => {
    const byJob = await service.proveWrites({ ...installation.actor, through: "job" }, connectionId, siteId, NEVER);
    await installation.db.transaction((tx) =>
      tx.execute(sql`
        insert into leases (name, holder, until)
        values (${`write-proof/${siteId}`}, 'another', clock_timestamp() + interval '1 minute')
      `),
    );
    const second = await prove();
    await installation.db.transaction((tx) => tx.execute(sql`update connections set capabilities = array['roster']`));
    const off = await prove();

    const codes = [byJob, second, off].map((each) => (each.ok ? "done" : each.error.code));
    assert.deepEqual(codes, ["person-needed", "already-running", "reclaim-is-off"]);
    assert.deepEqual(leftGroups(), []);
  });

  it("sends nothing where the credentials cannot write", async () => {
    await installation.db.transaction((tx) =>
      tx.execute(sql`update credentials set scopes = array['read:confluence-groups'], kind = 'scoped-api-token'`),
    );

    const proof = await prove();

    assert.equal(proof.ok ? "done" : proof.error.code, "cannot-write");
    assert.deepEqual(await entries(), []);
  });
});
