import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { silentLog } from "../lib/log.ts";
import type { ObservedOrganizationAccount } from "../sources/source.ts";
import type { RunRow } from "../store/runs.ts";
import { sql } from "../store/sql.ts";
import { afterRun } from "./after-run.ts";
import { executeRun } from "./run.ts";
import { syncInstallation, type SyncInstallation } from "./testing/installation.ts";
import { smallCompany, type HandmadeSite } from "./testing/site.ts";

describe("a guest of whom only the directory tells", () => {
  let usher: SyncInstallation;
  let ids: { siteId: string; connectionId: string };
  let acme: HandmadeSite;
  beforeEach(async () => {
    usher = await syncInstallation();
    ids = await usher.addSite();
    acme = smallCompany();
    acme.abilities.listings["organization-accounts"] = null;
    acme.abilities.listings["organization-groups"] = null;
    acme.abilities.searchLimit = 30;
    acme.accounts.set("gina", { name: "Gina Guest", status: "active", inSearch: false, isGuest: true });
  });
  afterEach(() => usher.close());

  async function sync(): Promise<RunRow> {
    usher.clock.moveBy(3_600_000);
    acme.directory = directoryOf(acme);
    const runId = await usher.request(ids);
    await executeRun(
      {
        db: usher.db,
        clock: usher.clock,
        log: silentLog,
        holder: "this process",
        openSite: async (_run, observe) => Object.assign(acme, { observe }),
        afterRun: (parts, run) => afterRun(parts.db, run),
      },
      runId,
      new AbortController().signal,
    );
    acme.calls.splice(0, acme.calls.length - 1000);
    return usher.getRun(runId);
  }
  async function classOfGina(): Promise<string | undefined> {
    const [row] = await usher.db.query<{ class: string }>(sql`
      select s.account_class as class
        from account_summaries s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       where a.source_id = 'gina'
    `);
    return row?.class;
  }
  const askedFor = () => acme.calls.filter((each) => each.startsWith("accounts-by-id"));

  it("is asked for by id, and nobody else", async () => {
    const run = await sync();

    assert.equal(run.state, "succeeded", run.errorMessage ?? "");
    assert.deepEqual(askedFor(), ["accounts-by-id gina"]);
    assert.equal(await classOfGina(), "guest");
  });

  it("is not asked for where the search shows everybody", async () => {
    acme.accounts.set("gina", { name: "Gina Guest", status: "active", inSearch: true, isGuest: true });

    await sync();

    assert.deepEqual(askedFor(), []);
    assert.equal(await classOfGina(), "guest");
  });

  it("holds a seat once a group gives the product and the site no longer says guest", async () => {
    await sync();
    acme.accounts.set("gina", { name: "Gina Guest", status: "active", inSearch: false });
    acme.groups.get("everybody")?.members.push("gina");

    await sync();

    assert.equal(await classOfGina(), "licensed");
  });

  it("stays as the directory tells when the site does not know the id, and closes nothing", async () => {
    await sync();
    const { readAccountsById } = acme;
    acme.readAccountsById = async (asked, signal) =>
      readAccountsById(
        asked.filter((each) => each !== "gina"),
        signal,
      );

    const run = await sync();

    assert.equal(run.state, "succeeded");
    assert.equal(run.counts.gone, 0);
    assert.equal(await classOfGina(), "no-access");
  });

  it("is left alone where no credential asks by id", async () => {
    acme.lose("accounts-by-id");

    const run = await sync();

    assert.deepEqual(askedFor(), []);
    assert.equal(run.state, "succeeded");
  });
});

/** Everybody of the site, with their groups; all of them may use it. */
function directoryOf(site: HandmadeSite): NonNullable<HandmadeSite["directory"]> {
  const groupsOf = (id: string) =>
    [...site.groups].filter(([, each]) => each.members.includes(id)).map(([groupId]) => groupId);
  const accounts = [...site.accounts].map(([id, { name }]): ObservedOrganizationAccount => ({
    sourceId: id,
    accountType: "atlassian",
    status: "active",
    isSuspended: false,
    isManaged: true,
    email: null,
    name,
    department: null,
    jobTitle: null,
    location: null,
    addedAt: null,
    groupSourceIds: groupsOf(id),
    productAccess: { lastActiveAt: null },
  }));
  const groups = [...site.groups].map(([sourceId, { name, members }]) => ({
    sourceId,
    name,
    managedBy: null,
    memberCount: members.length,
  }));
  return { accounts, groups };
}
