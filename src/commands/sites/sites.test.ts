import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { productAccessGroups } from "../../store/access-sql.ts";
import { listJournal } from "../../store/journal.ts";
import { pageSql } from "../../store/paging.ts";
import { type ProductAccessGroup, productAccessList } from "../../store/product-access.ts";
import { findSite } from "../../store/sites.ts";
import { sql } from "../../store/sql.ts";
import { type ConnectInstallation, connectInstallation, NOW } from "../../sync/connect/testing/connect-installation.ts";
import { ACME } from "../../sync/connect/testing/scripted-source.ts";
import { decideProductAccess } from "./decide-product-access.ts";
import { setSiteMode } from "./set-site-mode.ts";

describe("sites", () => {
  let installation: ConnectInstallation;
  let siteId: string;
  const groupIds: Record<string, string> = {};

  before(async () => {
    installation = await connectInstallation();
    await installation.makeConnection({ joined: [ACME] });
    await installation.db.transaction(async (tx) => {
      const [site] = await tx.query<{ id: string }>(sql`select id from sites`);
      siteId = site?.id ?? "";
      for (const name of ["everybody", "admins", "paid elsewhere"]) {
        const [group] = await tx.query<{ id: string }>(sql`
          insert into groups (site_id, source_id, first_seen_at) values (${siteId}, ${name}, ${NOW}) returning id
        `);
        groupIds[name] = group?.id ?? "";
        await tx.execute(sql`
          insert into group_versions (site_id, group_id, valid_from, name, sort_key)
          values (${siteId}, ${group?.id}, ${NOW}, ${name}, ${name})
        `);
      }
      for (const [name, access] of [
        ["everybody", "user"],
        ["admins", "user"],
        ["admins", "admin"],
      ] as const) {
        await tx.execute(sql`
          insert into product_access (site_id, group_id, access, valid_from)
          values (${siteId}, ${groupIds[name]}, ${access}, ${NOW})
        `);
      }
      await tx.execute(sql`insert into people (id, first_seen_at) values ('person_1', ${NOW})`);
      await tx.execute(sql`
        insert into accounts (site_id, id, source_id, person_id, first_seen_at)
        values (${siteId}, 'account_1', 'petra', 'person_1', ${NOW})
      `);
      await tx.execute(sql`
        insert into memberships (site_id, group_id, account_id, valid_from)
        values (${siteId}, ${groupIds["everybody"]}, 'account_1', ${NOW})
      `);
    });
  });
  after(() => installation.close());

  async function listed() {
    const list = productAccessList(siteId, null);
    const page = pageSql({ column: list.sorts.name, tie: list.tie, descends: false, after: null, limit: 10 });
    const rows = await installation.db.query<ProductAccessGroup>(list.select(page));
    return rows.map(({ name, state, isEffective, access, members }) => ({ name, state, isEffective, access, members }));
  }

  it("list the groups that the source says give a seat, with their members", async () => {
    assert.deepEqual(await listed(), [
      { name: "admins", state: "found", isEffective: true, access: ["user", "admin"], members: 0 },
      { name: "everybody", state: "found", isEffective: true, access: ["user"], members: 1 },
    ]);
  });

  it("keep what a person says of a group, with the reason apart in the journal", async () => {
    const decide = (name: string, verb: "confirm" | "add" | "drop", reason: string | null = null) =>
      decideProductAccess(installation, siteId, groupIds[name] ?? "", { verb, reason });

    await decide("everybody", "confirm");
    await decide("paid elsewhere", "add");
    await decide("admins", "drop", "Counted by the other department");

    const states = (await listed()).map(({ name, state }) => `${name} ${state}`);
    assert.deepEqual(states, ["admins dropped", "everybody confirmed", "paid elsewhere added"]);
    const page = { before: null, after: null, limit: 1, entry: "product-access.dropped", subjectId: null };
    const [entry] = await listJournal(installation.db, page);
    assert.deepEqual(entry?.detail, { siteId, before: "found" });
    assert.deepEqual(entry?.personal, { reason: "Counted by the other department" });
    assert.deepEqual(await decide("nobody", "confirm"), { ok: false, error: "no-such-group" });
  });

  it("show a group that the source names no longer as not found, giving no seat whatever was decided", async () => {
    await installation.db.transaction(async (tx) => {
      await tx.execute(sql`update product_access set valid_to = ${NOW} where group_id = ${groupIds["everybody"]}`);
      await tx.execute(sql`update group_versions set valid_to = ${NOW} where group_id = ${groupIds["paid elsewhere"]}`);
    });

    const groups = (await listed()).map(({ name, state, isEffective }) => ({ name, state, isEffective }));

    assert.deepEqual(groups, [
      { name: "admins", state: "dropped", isEffective: false },
      { name: "everybody", state: "not-found", isEffective: false },
      { name: "paid elsewhere", state: "not-found", isEffective: false },
    ]);
    const giving = await installation.db.query(productAccessGroups(sql`${siteId}`));
    assert.deepEqual(giving, []);
  });

  it("are observed only until a person says otherwise, and a service account cannot", async () => {
    const serviceAccount = await installation.db.transaction(async (tx) => {
      const [row] = await tx.query<{ id: string }>(sql`
        insert into operators (kind, name, created_at) values ('service-account', 'setup', ${NOW}) returning id
      `);
      return row?.id ?? "";
    });
    const asService = { ...installation, actor: { operatorId: serviceAccount, through: "api" as const } };
    const before = await findSite(installation.db, siteId);

    const refused = await setSiteMode(asService, siteId, "act");
    const set = await setSiteMode(installation, siteId, "act");
    const takenBack = await setSiteMode(asService, siteId, "observe");

    assert.equal(before?.mode, "observe");
    assert.deepEqual(refused, { ok: false, error: "person-needed" });
    assert.deepEqual(
      [set, takenBack],
      [
        { ok: true, value: "act" },
        { ok: true, value: "observe" },
      ],
    );
    const page = { before: null, after: null, limit: 5, entry: "site.mode-set", subjectId: siteId };
    const details = (await listJournal(installation.db, page)).map((each) => each.detail);
    assert.deepEqual(details, [
      { from: "act", to: "observe" },
      { from: "observe", to: "act" },
    ]);
  });
});
