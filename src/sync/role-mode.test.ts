import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { RoleMode } from "../model/connections.ts";
import type { RunRow } from "../store/runs.ts";
import { findDataAsOf, PERMISSION_KINDS } from "../store/freshness.ts";
import { sql } from "../store/sql.ts";
import { afterRun } from "./after-run.ts";
import { executeRun } from "./run.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { failure, smallCompany, type HandmadeSite } from "./testing/site.ts";

const HOUR_MS = 3_600_000;

describe("the model of rights that a site uses", () => {
  let usher: SyncInstallation;
  let acme: HandmadeSite;
  let site: { siteId: string; connectionId: string };
  let sites = 0;
  before(async () => {
    usher = await syncInstallation();
  });
  after(() => usher.close());
  beforeEach(async () => {
    site = await usher.addSite({ name: `site-${(sites += 1)}` });
    acme = smallCompany(20);
    acme.roles = [
      { sourceId: "viewer", name: "Viewer", description: null, isCustom: false, permissions: ["read/space"] },
      { sourceId: "partner", name: "Partner", description: null, isCustom: true, permissions: ["read/space"] },
    ];
    for (const id of acme.spaces.keys()) {
      acme.assignments.set(id, [
        { principalType: "access-class", principalId: "all-licensed-users", roleSourceId: "partner" },
        { principalType: "user", principalId: "person-000", roleSourceId: "viewer" },
      ]);
    }
  });

  async function sync(roleMode?: RoleMode | null): Promise<RunRow> {
    if (roleMode !== undefined) acme.description = { ...acme.description, roleMode };
    acme.calls.length = 0;
    usher.clock.moveBy(HOUR_MS);
    const runId = await usher.request(site);
    const { db, clock } = usher;
    const openSite = async () => acme;
    await executeRun(
      { db, clock, log: silentLog, holder: "test", openSite, afterRun: (parts, run) => afterRun(parts.db, run) },
      runId,
      new AbortController().signal,
    );
    return usher.getRun(runId);
  }

  /** Rows of each model that held at an instant; now when none is given. */
  async function rights(at: Date | null = null): Promise<{ permissions: number; assignments: number }> {
    const held = sql`site_id = ${site.siteId} and (${at}::timestamptz is null and valid_to is null
      or valid_from <= ${at} and (valid_to is null or valid_to > ${at}))`;
    const [row] = await usher.db.query<{ permissions: number; assignments: number }>(sql`
      select (select count(*) from space_permissions where ${held}) as permissions,
             (select count(*) from role_assignments where ${held}) as assignments
    `);
    assert.ok(row);
    return row;
  }

  const read = (kind: "permissions" | "assignments") => acme.calls.filter((call) => call.startsWith(`${kind} `)).length;
  const dataAsOf = () => findDataAsOf(usher.db, PERMISSION_KINDS, [site.siteId]);

  it("is both in transition: each space is read in both, and everybody's spaces are those of either", async () => {
    const run = await sync("transition");

    assert.equal(run.state, "succeeded");
    assert.deepEqual([read("permissions"), read("assignments")], [5, 5]);
    assert.deepEqual(await rights(), { permissions: 10, assignments: 10 });
    assert.deepEqual(await dataAsOf(), run.observedAt);
  });

  it("goes from permissions to both to roles and back, and what held at each time stays told", async () => {
    const began = await sync("pre-roles");
    const between = await sync("transition");
    const roles = await sync("roles");
    const back = await sync("pre-roles");

    assert.deepEqual(
      [began, between, roles, back].map((each) => each.state),
      ["succeeded", "succeeded", "succeeded", "succeeded"],
    );
    assert.deepEqual(await rights(began.observedAt), { permissions: 10, assignments: 0 });
    assert.deepEqual(await rights(between.observedAt), { permissions: 10, assignments: 10 });
    assert.deepEqual(await rights(roles.observedAt), { permissions: 0, assignments: 10 });
    assert.deepEqual(await rights(), { permissions: 10, assignments: 0 });
    assert.deepEqual([roles.counts.gone, back.counts.gone], [10, 10]);
    assert.deepEqual(await dataAsOf(), back.observedAt);
    const [roleCatalog] = await usher.db.query(sql`
      select count(*) as count from space_role_versions where site_id = ${site.siteId} and valid_to is null
    `);
    assert.deepEqual(roleCatalog, { count: 0 });
  });

  it("is left only once the other was read to its end", async () => {
    await sync("pre-roles");
    acme.interrupt = (call) => {
      if (call.startsWith("assignments space-3")) throw failure("source.unexpected-answer", "permissions");
    };

    const broken = await sync("roles");

    assert.equal(broken.state, "partial");
    assert.deepEqual(await rights(), { permissions: 10, assignments: 8 });
    acme.interrupt = () => undefined;
    await sync();
    assert.deepEqual(await rights(), { permissions: 0, assignments: 10 });
  });

  it("is not believed when nothing at all is found in it", async () => {
    await sync("pre-roles");
    acme.assignments.clear();

    const run = await sync("roles");

    assert.equal(run.counts.gone, 0);
    assert.deepEqual(await rights(), { permissions: 10, assignments: 0 });
  });

  it("keeps what is known of a space that this credential no longer sees", async () => {
    await sync("pre-roles");
    acme.spaces.delete("space-4");
    acme.deletedSpaces = null;

    await sync("roles");

    assert.deepEqual(await rights(), { permissions: 2, assignments: 8 });
  });

  it("is looked for in both while it is not known, and a site without roles has lost nothing", async () => {
    const both = await sync(null);
    assert.deepEqual([both.state, await rights()], ["succeeded", { permissions: 10, assignments: 10 }]);
    site = await usher.addSite({ name: "without-roles" });
    acme.interrupt = (call) => {
      if (call.startsWith("roles")) throw failure("source.edition-lacks", "permissions");
    };

    const run = await sync(null);

    assert.equal(run.state, "succeeded");
    assert.equal(read("assignments"), 0);
    assert.deepEqual(await rights(), { permissions: 10, assignments: 0 });
    const [{ health } = {}] = await usher.db.query<{ health: string }>(
      sql`select health from sites where id = ${site.siteId}`,
    );
    assert.equal(health, "connected");
  });

  it("does not ask for a right in each space when the catalog of roles may not be read", async () => {
    acme.interrupt = (call) => {
      if (call.startsWith("roles")) throw failure("source.missing-role", "permissions");
    };

    const run = await sync("transition");

    assert.equal(run.state, "partial");
    assert.deepEqual([read("permissions"), read("assignments")], [5, 0]);
  });
});
