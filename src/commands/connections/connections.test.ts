import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { findOpenRevision } from "../../store/connection-revisions.ts";
import { findConnection } from "../../store/connections.ts";
import { findSealedCredential, listCredentials } from "../../store/credentials.ts";
import { listJournal, verifyJournal } from "../../store/journal.ts";
import { listWantedSites } from "../../store/wanted-sites.ts";
import { sql } from "../../store/sql.ts";
import { type ConnectInstallation, connectInstallation, NOW } from "../../sync/connect/testing/connect-installation.ts";
import { ACME, LABS } from "../../sync/connect/testing/scripted-source.ts";
import { listReclamationRules } from "../../store/reclamation/rules.ts";
import { deleteReclamationRule } from "../reclamation-rules/delete-reclamation-rule.ts";
import { addCredential, type NewCredential } from "./add-credential.ts";
import { archiveConnection } from "./archive-connection.ts";
import { changeConnection } from "./change-connection.ts";
import { createConnection, type NewConnection } from "./create-connection.ts";
import { pauseConnection } from "./pause-connection.ts";
import { publishConnection } from "./publish-connection.ts";
import { removeCredential } from "./remove-credential.ts";
import { removeSite } from "./remove-site.ts";
import { resumeConnection } from "./resume-connection.ts";
import { rotateCredential } from "./rotate-credential.ts";

describe("connections", () => {
  let installation: ConnectInstallation;
  let names = 0;

  before(async () => {
    installation = await connectInstallation();
  });
  after(() => installation.close());

  function draft(change: Partial<NewConnection> = {}): NewConnection {
    names += 1;
    const name = `Acme ${names}`;
    const rest = { capabilities: null, settings: {}, owners: null, sites: [], from: null };
    return { name, source: "confluence-cloud", ...rest, ...change };
  }

  async function make(change: Partial<NewConnection> = {}) {
    const made = await createConnection(installation, draft(change));
    assert.ok(made.ok);
    return made.value;
  }

  async function entriesOf(subjectId: string) {
    const page = { before: null, after: null, limit: 50, entry: null, subjectId };
    return (await listJournal(installation.db, page)).reverse();
  }

  async function jobsOf(connectionId: string) {
    return installation.db.query<{ name: string; enabled: boolean }>(sql`
      select name, enabled
        from jobs
       where connection_id = ${connectionId} and kind = 'refresh-site'
       order by name
    `);
  }

  describe("making one", () => {
    it("starts a draft with roster, activity and permissions, the usual settings, and whoever makes it as owner", async () => {
      const made = await make({ sites: ["acme", "acme-labs"] });

      assert.equal(made.state, "draft");
      assert.deepEqual(made.capabilities, ["roster", "activity", "permissions"]);
      assert.equal(made.settings.idleAfterDays, 60);
      assert.deepEqual(made.settings.analyzeActivitySince, new Date("2026-08-23T12:00:00Z"));
      assert.deepEqual(made.owners, ["petra@acme.example"]);
      const wanted = await listWantedSites(installation.db, made.id);
      assert.deepEqual(
        wanted.map((each) => each.typed),
        ["acme", "acme-labs"],
      );
    });

    it("keeps names and e-mails of the journal apart, where they can be erased", async () => {
      const made = await make({ owners: ["Sam@Acme.example", "sam@acme.example "] });

      const [entry] = await entriesOf(made.id);

      assert.equal(entry?.entry, "connection.created");
      assert.deepEqual(entry?.personal, { name: made.name, owners: ["sam@acme.example"], sites: [] });
      assert.doesNotMatch(JSON.stringify(entry?.detail), /acme/i);
    });

    it("refuses a name that a living connection has, whatever its case, and allows that of an archived one", async () => {
      const first = await make();
      const second = draft({ name: first.name.toUpperCase() });
      const refused = await createConnection(installation, second);
      await archiveConnection(installation, first.id);

      const made = await createConnection(installation, second);

      assert.deepEqual(refused, { ok: false, error: "name-taken" });
      assert.equal(made.ok, true);
    });

    it("gives a name to one of several that ask for it at once", async () => {
      const wish = draft();

      const outcomes = await Promise.all(Array.from({ length: 5 }, () => createConnection(installation, wish)));

      const refusals = outcomes.flatMap((each) => (each.ok ? [] : [each.error]));
      assert.deepEqual(refusals, ["name-taken", "name-taken", "name-taken", "name-taken"]);
    });

    it("starts from another one with its settings, never its secrets", async () => {
      const model = await make({ capabilities: ["roster"], settings: { idleAfterDays: 30 } });
      await installation.addSecret(model.id, "api-token", "token-petra");

      const made = await make({ from: model.id });

      assert.deepEqual(made.capabilities, ["roster"]);
      assert.equal(made.settings.idleAfterDays, 30);
      assert.deepEqual(await listCredentials(installation.db, made.id), []);
    });
  });

  describe("changing one", () => {
    it("applies to the revision it was meant for, and to no other", async () => {
      const made = await make();
      const change = { name: `${made.name} renamed`, settings: { idleAfterDays: 90 } };

      const changed = await changeConnection(installation, made.id, made.revision, change, []);
      const late = await changeConnection(installation, made.id, made.revision, { name: "Late" }, []);

      assert.ok(changed.ok);
      assert.equal(changed.value.revision, made.revision + 1);
      assert.equal(changed.value.settings.idleAfterDays, 90);
      assert.equal(changed.value.settings.staleAfterHours, 36);
      assert.deepEqual(late, { ok: false, error: "stale-revision" });
    });

    it("lets one of two changes to one revision through when both come at once", async () => {
      const made = await make();

      const outcomes = await Promise.all(
        [40, 50].map((idleAfterDays) =>
          changeConnection(installation, made.id, made.revision, { settings: { idleAfterDays } }, []),
        ),
      );

      assert.deepEqual(outcomes.map((each) => each.ok).sort(), [false, true]);
    });

    it("takes name and owners of a published connection at once, and keeps the rest for its pending revision", async () => {
      const id = await installation.makeConnection({ state: "published", joined: [ACME] });
      const change = { name: `Renamed ${id}`, capabilities: ["roster"] as const, settings: { idleAfterDays: 30 } };

      const changed = await changeConnection(installation, id, null, change, []);

      assert.ok(changed.ok);
      assert.equal(changed.value.name, `Renamed ${id}`);
      assert.deepEqual(changed.value.capabilities, ["roster", "activity", "permissions"]);
      assert.equal(changed.value.settings.idleAfterDays, 60);
      const pending = await findOpenRevision(installation.db, id);
      assert.deepEqual(pending?.change, { capabilities: ["roster"], settings: { idleAfterDays: 30 } });
    });

    it("makes a validated connection a draft again when a capability is added", async () => {
      const id = await installation.makeConnection({ state: "validated" });
      await changeConnection(installation, id, null, { capabilities: ["roster"] }, []);
      assert.equal((await findConnection(installation.db, id))?.state, "validated");

      const changed = await changeConnection(installation, id, null, { capabilities: ["roster", "activity"] }, []);

      assert.equal(changed.ok && changed.value.state, "draft");
    });
  });

  describe("its life", () => {
    it("gets its first reclamation rule when it is published, which only reports, and never a second one", async () => {
      const id = await installation.makeConnection({ state: "validated", joined: [site("ruled")] });
      await publishConnection(installation, id);
      const first = (await listReclamationRules(installation.db)).find(({ madeFor }) => madeFor === id);
      assert.ok(first);
      await deleteReclamationRule(installation, first.id, null);
      await installation.db.transaction((tx) =>
        tx.execute(sql`update connections set state = 'validated' where id = ${id}`),
      );
      await publishConnection(installation, id);

      const rules = (await listReclamationRules(installation.db)).filter(({ madeFor }) => madeFor === id);

      assert.equal(first.status, "report-only");
      assert.deepEqual(first.condition, { is: "idle", days: 60 });
      assert.equal(first.siteIds?.length, 1);
      assert.deepEqual(rules, []);
    });

    it("gives each site its daily job and its first run when it is published", async () => {
      const id = await installation.makeConnection({ state: "validated", joined: [site("one"), site("two")] });

      const published = await publishConnection(installation, id);

      assert.equal(published.ok && published.value.state, "published");
      assert.deepEqual(await jobsOf(id), [
        { name: "Refresh one", enabled: true },
        { name: "Refresh two", enabled: true },
      ]);
      const runs = await installation.db.query<{ scope: string; trigger: string; state: string }>(sql`
        select scope, trigger, state from runs where connection_id = ${id}
      `);
      const firstRun = { scope: "full", trigger: "publish", state: "queued" };
      assert.deepEqual(runs, [firstRun, firstRun]);
    });

    it("stops the schedule while it is paused, and lets it go on afterwards", async () => {
      const id = await installation.makeConnection({ state: "validated", joined: [site("paused")] });
      await publishConnection(installation, id);

      await pauseConnection(installation, id);
      const whilePaused = await jobsOf(id);
      await resumeConnection(installation, id);

      assert.deepEqual(whilePaused, [{ name: "Refresh paused", enabled: false }]);
      assert.deepEqual(await jobsOf(id), [{ name: "Refresh paused", enabled: true }]);
    });

    it("has a site read by one connection, and by the next one when that stops", async () => {
      const shared = site("shared");
      const first = await installation.makeConnection({ state: "validated", joined: [shared] });
      const second = await installation.makeConnection({ state: "validated", joined: [shared] });
      await publishConnection(installation, first);
      await publishConnection(installation, second);
      const together = [await jobsOf(first), await jobsOf(second)];

      await pauseConnection(installation, first);
      const taken = await jobsOf(second);
      await resumeConnection(installation, first);

      assert.deepEqual(together, [[{ name: "Refresh shared", enabled: true }], []]);
      assert.deepEqual(taken, [{ name: "Refresh shared", enabled: true }]);
      assert.deepEqual(await jobsOf(first), [{ name: "Refresh shared", enabled: false }]);
    });

    it("has a site read once when two connections are published at the same moment", async () => {
      const shared = [site("both-1"), site("both-2")];
      const ids = [
        await installation.makeConnection({ state: "validated", joined: shared }),
        await installation.makeConnection({ state: "validated", joined: shared.toReversed() }),
      ];

      await Promise.all(ids.map((id) => publishConnection(installation, id)));

      const jobs = (await Promise.all(ids.map(jobsOf))).flat();
      assert.deepEqual(jobs.map((each) => each.name).sort(), ["Refresh both-1", "Refresh both-2"]);
    });

    it("forgets every secret when it is archived, and keeps the rest", async () => {
      const id = await installation.makeConnection({ state: "validated", joined: [site("archived")] });
      const credentialId = await installation.addGrant(id);
      await publishConnection(installation, id);

      await archiveConnection(installation, id);

      const [row] = await installation.db.query<{ secrets: (string | null)[] }>(sql`
        select array[secret, access_token, refresh_token] as secrets from credentials where id = ${credentialId}
      `);
      assert.deepEqual(row?.secrets, [null, null, null]);
      assert.equal((await findConnection(installation.db, id))?.state, "archived");
      assert.deepEqual(await jobsOf(id), [{ name: "Refresh archived", enabled: false }]);
    });

    it("is told by the journal from the first to the last, and the chain holds", async () => {
      const { id } = await make();
      await installation.db.transaction((tx) =>
        tx.execute(sql`update connections set state = 'validated' where id = ${id}`),
      );

      await publishConnection(installation, id);
      await pauseConnection(installation, id);
      await resumeConnection(installation, id);
      await archiveConnection(installation, id);

      const entries = (await entriesOf(id)).map((each) => each.entry);
      assert.deepEqual(entries, [
        "connection.created",
        "connection.published",
        "connection.paused",
        "connection.resumed",
        "connection.archived",
      ]);
      assert.equal((await verifyJournal(installation.db)).intact, true);
    });
  });

  describe("its credentials", () => {
    const TOKEN: NewCredential = {
      kind: "api-token",
      label: "Petra's token",
      accountEmail: "petra@acme.example",
      clientId: null,
      secret: "token-petra",
      askedScopes: null,
      organizationId: null,
      expiresAt: undefined,
    };

    it("are sealed to their row, expire after a year unless said otherwise, and are told to the journal without secrets", async () => {
      const { id } = await make();

      const added = await addCredential(installation, id, TOKEN, null);

      assert.ok(added.ok);
      assert.deepEqual(added.value.expiresAt, new Date("2027-11-21T12:00:00Z"));
      const row = await findSealedCredential(installation.db, added.value.id);
      assert.doesNotMatch(row?.secret ?? "", /token-petra/);
      const opened = installation.secrets.open(`credentials/${added.value.id}/secret`, row?.secret ?? "");
      assert.equal(opened, "token-petra");
      const entries = await entriesOf(added.value.id);
      assert.deepEqual(
        entries.map((each) => each.entry),
        ["credential.added"],
      );
      assert.doesNotMatch(JSON.stringify(entries), /token-petra/);
    });

    it("are refused where the source reads with other kinds", async () => {
      const { id } = await make({ source: "confluence-data-center" });

      const wrong = await addCredential(installation, id, TOKEN, null);
      const right = await addCredential(installation, id, { ...TOKEN, kind: "personal-access-token" }, null);

      assert.equal(wrong.ok || typeof wrong.error === "string" ? null : wrong.error.code, "credential-not-for-source");
      assert.equal(right.ok && right.value.expiresAt, null);
    });

    it("of basic authentication keep the user name until another one is entered", async () => {
      const { id } = await make({ source: "confluence-data-center" });
      const entered: NewCredential = { ...TOKEN, kind: "basic", accountEmail: null, username: "petra" };
      const added = await addCredential(installation, id, entered, null);
      assert.ok(added.ok);
      const rotate = (username: string | null) =>
        rotateCredential(
          installation,
          id,
          added.value.id,
          { secret: "other", accountEmail: null, username, expiresAt: null },
          null,
        );

      const kept = await rotate(null);
      const changed = await rotate("petra.novak");

      const names = [added, kept, changed].map((each) => each.ok && each.value.username);
      assert.deepEqual(names, ["petra", "petra", "petra.novak"]);
    });

    it("are at most twenty to a connection", async () => {
      const { id } = await make();

      const outcomes: boolean[] = [];
      for (let number = 1; number <= 21; number += 1) {
        outcomes.push((await addCredential(installation, id, { ...TOKEN, label: `Token ${number}` }, null)).ok);
      }

      assert.deepEqual(outcomes, [...Array<boolean>(20).fill(true), false]);
    });

    it("join a published connection only once they were tried", async () => {
      const id = await installation.makeConnection({ state: "published", joined: [ACME] });

      const untried = await addCredential(installation, id, TOKEN, null);
      const tried = await addCredential(installation, id, TOKEN, { coveredSites: [ACME.sourceKey] });

      assert.equal(untried.ok || typeof untried.error === "string" ? null : untried.error.code, "not-proved");
      assert.deepEqual(tried.ok && tried.value.coveredSites, [ACME.sourceKey]);
    });

    it("are rotated in place, and what is under way goes on with the new secret", async () => {
      const id = await installation.makeConnection({ state: "published", joined: [ACME] });
      const credentialId = await installation.addSecret(id, "api-token", "token-old");
      const { keeper, service } = installation.startProcess();
      const [credential] = await keeper.openForSite(id, ACME.sourceKey);
      const signal = new AbortController().signal;
      assert.equal(await credential?.token(signal), "token-old");

      const entered = { secret: "token-new", accountEmail: null, expiresAt: null };
      await rotateCredential(installation, id, credentialId, entered, { coveredSites: null });
      service.forget(credentialId);

      assert.equal(await credential?.token(signal), "token-new");
    });

    it("are removed with their secrets, but not the last one that a published connection reads by", async () => {
      const id = await installation.makeConnection({ state: "published", joined: [ACME] });
      const first = await installation.addSecret(id, "api-token", "token-1");
      const second = await installation.addSecret(id, "api-token", "token-2");

      const removed = await removeCredential(installation, id, first);
      const last = await removeCredential(installation, id, second);

      assert.equal(removed.ok, true);
      assert.equal(await findSealedCredential(installation.db, first), null);
      assert.deepEqual(last, { ok: false, error: "last-credential" });
    });
  });

  it("gives up a site but its last one, and what is known of it stays", async () => {
    const id = await installation.makeConnection({ state: "published", joined: [ACME, LABS] });
    const rows = await installation.db.query<{ id: string }>(sql`
      select site_id as id from connection_sites where connection_id = ${id}
    `);
    const [first, second] = rows.map((each) => each.id);

    const removed = await removeSite(installation, id, first ?? "");
    const last = await removeSite(installation, id, second ?? "");

    assert.equal(removed.ok, true);
    assert.deepEqual(last, { ok: false, error: "last-site" });
    const [site] = await installation.db.query<{ id: string }>(sql`select id from sites where id = ${first}`);
    assert.equal(site?.id, first);
  });
});

function site(name: string) {
  return { sourceKey: `cloud-${name}`, baseUrl: `https://${name}.example`, name, scopes: [], at: NOW };
}
