import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Database } from "../../../store/database.ts";
import { findOpenRevision } from "../../../store/connection-revisions.ts";
import { findConnection } from "../../../store/connections.ts";
import { findSealedCredential, listCredentials, listRevisionCredentials } from "../../../store/credentials.ts";
import { listJournal } from "../../../store/journal.ts";
import { saveRunReaders } from "../../../store/run-readers.ts";
import { forgetRetiredCredentials } from "../../../store/revision-credentials.ts";
import { listSitesOfConnection } from "../../../store/sites.ts";
import { sql } from "../../../store/sql.ts";
import {
  type ConnectInstallation,
  connectInstallation,
  NOW,
} from "../../../sync/connect/testing/connect-installation.ts";
import { ACME, LABS } from "../../../sync/connect/testing/scripted-source.ts";
import type { NewCredential } from "../add-credential.ts";
import { archiveConnection } from "../archive-connection.ts";
import { changeConnection } from "../change-connection.ts";
import { removeSite } from "../remove-site.ts";
import { addRevisionCredential } from "./add-revision-credential.ts";
import { applyRevision } from "./apply-revision.ts";
import { discardRevision } from "./discard-revision.ts";
import { removeRevisionCredential } from "./remove-revision-credential.ts";
import { saveRevision } from "./save-revision.ts";

const ALL = { acceptWarnings: false };
const TOKEN: NewCredential = {
  kind: "api-token",
  label: "New token",
  accountEmail: "petra@acme.example",
  clientId: null,
  secret: "token-new",
  askedScopes: null,
  organizationId: null,
  expiresAt: null,
};

describe("the pending revision of a connection", () => {
  let installation: ConnectInstallation;
  let process: ReturnType<ConnectInstallation["startProcess"]>;
  const signal = new AbortController().signal;
  before(async () => {
    installation = await connectInstallation();
    process = installation.startProcess();
  });
  beforeEach(() => {
    const { scripted } = installation;
    scripted.failing.clear();
    for (const each of ["token-old", "token-new", "token-other"]) scripted.accounts.set(each, "account-petra");
    scripted.sites = [ACME, LABS];
    scripted.grantCovers = [ACME];
  });
  after(() => installation.close());

  const needs = () => installation.scripted.source.needs;

  /** Published with the roster of one site, which a token reads. */
  async function published() {
    const id = await installation.makeConnection({ state: "published", joined: [ACME] });
    await installation.db.transaction((tx) =>
      tx.execute(sql`update connections set capabilities = '{roster}' where id = ${id}`),
    );
    const credentialId = await installation.addSecret(id, "api-token", "token-old");
    await process.service.check(installation.actor, id, signal);
    return { id, credentialId };
  }

  function check(id: string) {
    return process.service.checkRevision(installation.actor, id, signal);
  }

  async function entriesOf(subjectId: string): Promise<string[]> {
    const page = { before: null, after: null, limit: 50, entry: null, subjectId };
    return (await listJournal(installation.db, page)).reverse().map((each) => each.entry);
  }

  it("holds one change at a time, grows with each save, and leaves what is running as it is", async () => {
    const { id } = await published();

    const first = await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());
    const second = await changeConnection(installation, id, null, { capabilities: ["roster", "activity"] }, needs());

    assert.ok(first.ok && second.ok);
    const open = await findOpenRevision(installation.db, id);
    assert.deepEqual([open?.revision, open?.state], [2, "pending"]);
    assert.deepEqual(open?.change, { capabilities: ["roster", "activity"], settings: { idleAfterDays: 30 } });
    assert.deepEqual((await findConnection(installation.db, id))?.capabilities, ["roster"]);
  });

  it("is changed, applied and discarded only as it was read", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());

    const outcomes = [
      await saveRevision(installation, id, 0, { settings: { idleAfterDays: 31 } }, needs()),
      await applyRevision(installation, id, 7, ALL),
      await discardRevision(installation, id, 7),
    ];

    assert.deepEqual(
      outcomes.map((each) => (each.ok ? null : each.error)),
      ["stale-revision", "stale-revision", "stale-revision"],
    );
  });

  it("lets one of two that are saved at once through", async () => {
    const { id } = await published();

    const outcomes = await Promise.all(
      [30, 31].map((idleAfterDays) => saveRevision(installation, id, 0, { settings: { idleAfterDays } }, needs())),
    );

    assert.deepEqual(outcomes.map((each) => each.ok).sort(), [false, true]);
  });

  it("is no more once nothing would change", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());

    const saved = await saveRevision(installation, id, null, { settings: { idleAfterDays: 60 } }, needs());

    assert.deepEqual(saved, { ok: true, value: null });
    assert.equal(await findOpenRevision(installation.db, id), null);
  });

  it("is not for a draft, whose changes count at once, and names sites and credentials that are not there", async () => {
    const draft = await installation.makeConnection();
    const { id } = await published();
    const [site] = await listSitesOfConnection(installation.db, id);

    const refusals = [
      await saveRevision(installation, draft, 0, { settings: { idleAfterDays: 30 } }, needs()),
      await saveRevision(installation, id, 0, { removeSites: ["site_000000000000"] }, needs()),
      await saveRevision(installation, id, 0, { removeCredentials: ["credential_000000000000"] }, needs()),
      await saveRevision(installation, id, 0, { removeSites: [site?.id ?? ""] }, needs()),
    ];

    assert.deepEqual(
      refusals.map((each) => (each.ok ? null : typeof each.error === "string" ? each.error : each.error.code)),
      ["not-in-service", "no-such-site", "no-such-credential", "last-site"],
    );
    assert.equal(await findOpenRevision(installation.db, id), null);
  });

  it("is applied only once it was checked as it is, and then as a whole", async () => {
    const { id } = await published();
    const wish = { capabilities: ["roster", "permissions"] as const, settings: { idleAfterDays: 30 } };
    await saveRevision(installation, id, 0, wish, needs());

    const unchecked = await applyRevision(installation, id, null, ALL);
    const checked = await check(id);
    const applied = await applyRevision(installation, id, checked.ok ? checked.value.revision : null, ALL);

    assert.deepEqual(unchecked, { ok: false, error: "not-checked" });
    assert.equal(checked.ok && checked.value.state, "valid");
    assert.ok(applied.ok);
    const now = await findConnection(installation.db, id);
    assert.deepEqual(now?.capabilities, ["roster", "permissions"]);
    assert.equal(now?.settings.idleAfterDays, 30);
    assert.equal(await findOpenRevision(installation.db, id), null);
    const [site] = await listSitesOfConnection(installation.db, id);
    assert.equal(site?.readBy.find((each) => each.capability === "permissions")?.connectionId, id);
    assert.deepEqual((await entriesOf(id)).slice(-3), [
      "connection.revision-saved",
      "connection.revision-checked",
      "connection.revision-applied",
    ]);
  });

  it("is refused with what failed", async () => {
    const { id } = await published();
    installation.scripted.failing.set("permissions", "Spaces are hidden.");
    await saveRevision(installation, id, 0, { capabilities: ["roster", "permissions"] }, needs());

    const checked = await check(id);
    const applied = await applyRevision(installation, id, null, ALL);

    assert.equal(checked.ok && checked.value.state, "invalid");
    const refusal = applied.ok || typeof applied.error === "string" ? null : applied.error;
    assert.equal(refusal?.code, "not-valid");
    assert.match(refusal?.detail ?? "", /acme: Try permissions: Spaces are hidden\. Give it the role/);
    assert.deepEqual((await findConnection(installation.db, id))?.capabilities, ["roster"]);
  });

  it("is applied with its warnings only when a person accepts them", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());
    await check(id);
    const warning = { name: "Audit log", capability: "roster", outcome: "warning", detail: "Not seen.", fix: null };
    await installation.db.transaction((tx) =>
      tx.execute(sql`
        update connection_revisions
           set checked = jsonb_set(checked, '{warnings}', ${JSON.stringify([
             { ...warning, site: "acme", tookMs: 1, checkedAt: NOW },
           ])})
         where connection_id = ${id}
      `),
    );

    const refused = await applyRevision(installation, id, null, ALL);
    const accepted = await applyRevision(installation, id, null, { acceptWarnings: true });

    assert.equal(refused.ok || typeof refused.error === "string" ? null : refused.error.code, "warnings-not-accepted");
    assert.equal(accepted.ok, true);
  });

  it("has to be checked again when it was changed meanwhile, when what is running was, and a day later", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { addSites: ["labs"] }, needs());
    await check(id);
    await saveRevision(installation, id, null, { settings: { idleAfterDays: 30 } }, needs());
    const changed = await applyRevision(installation, id, null, ALL);
    await check(id);
    installation.clock.moveBy(25 * 3_600_000);
    const old = await applyRevision(installation, id, null, ALL);
    installation.clock.moveBy(-25 * 3_600_000);
    const applied = await applyRevision(installation, id, null, ALL);
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 31 } }, needs());
    await check(id);
    const sites = await listSitesOfConnection(installation.db, id);
    await removeSite(installation, id, sites[1]?.id ?? "");
    const below = await applyRevision(installation, id, null, ALL);

    assert.deepEqual(changed, { ok: false, error: "not-checked" });
    assert.equal(old.ok || typeof old.error === "string" ? null : old.error.code, "check-too-old");
    assert.equal(applied.ok, true);
    assert.deepEqual(
      sites.map((each) => each.sourceKey),
      [ACME.sourceKey, LABS.sourceKey],
    );
    assert.deepEqual(below, { ok: false, error: "not-checked" });
  });

  it("does not count a check for what was changed while it was made", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());
    const { source } = installation.scripted;
    const open = source.open;
    source.open = (access) => {
      const opened = open(access);
      return {
        ...opened,
        async probe(capability, stop) {
          await saveRevision(installation, id, null, { settings: { idleAfterDays: 31 } }, needs());
          return opened.probe(capability, stop);
        },
      };
    };

    const checked = await check(id);
    source.open = open;

    assert.equal(checked.ok && checked.value.state, "pending");
    assert.deepEqual(await applyRevision(installation, id, null, ALL), { ok: false, error: "not-checked" });
  });

  it("is swapped in by one of two that apply it at once", async () => {
    const { id } = await published();
    await saveRevision(installation, id, 0, { settings: { idleAfterDays: 30 } }, needs());
    await check(id);

    const outcomes = await Promise.all([1, 2].map(() => applyRevision(installation, id, null, ALL)));

    assert.deepEqual(outcomes.map((each) => (each.ok ? "applied" : each.error)).sort(), [
      "applied",
      "no-pending-revision",
    ]);
  });

  it("changes nothing when the process ends before the swap was committed", async () => {
    const { id, credentialId } = await published();
    await addRevisionCredential(installation, id, TOKEN, credentialId, needs());
    await saveRevision(installation, id, null, { settings: { idleAfterDays: 30 }, addSites: ["labs"] }, needs());
    await check(id);
    const before = await findSealedCredential(installation.db, credentialId);
    const dying: Database = Object.assign(Object.create(installation.db) as Database, {
      transaction: <T>(work: Parameters<Database["transaction"]>[0]): Promise<T> =>
        installation.db.transaction(async (tx) => {
          await work(tx);
          throw new Error("The process was killed.");
        }),
    });

    await assert.rejects(applyRevision({ ...installation, db: dying }, id, null, ALL), /was killed/);

    assert.equal((await findConnection(installation.db, id))?.settings.idleAfterDays, 60);
    assert.equal((await listSitesOfConnection(installation.db, id)).length, 1);
    assert.deepEqual(await findSealedCredential(installation.db, credentialId), before);
    assert.equal((await findOpenRevision(installation.db, id))?.state, "valid");
    assert.equal((await applyRevision(installation, id, null, ALL)).ok, true);
  });

  describe("with credentials", () => {
    it("puts a new secret in place of the old one under the same id, so that runs under way go on with it", async () => {
      const { id, credentialId } = await published();
      const [underWay] = await process.keeper.openForSite(id, ACME.sourceKey);

      const entered = await addRevisionCredential(installation, id, TOKEN, credentialId, needs());
      const whileWaiting = await underWay?.token(signal);
      await check(id);
      const applied = await applyRevision(installation, id, null, ALL);
      for (const each of applied.ok ? applied.value.credentialIds : []) process.service.forget(each);

      assert.ok(entered.ok && applied.ok);
      assert.equal(whileWaiting, "token-old");
      assert.equal(await underWay?.token(signal), "token-new");
      assert.deepEqual(
        (await listCredentials(installation.db, id)).map((each) => each.id),
        [credentialId],
      );
      assert.equal(await findSealedCredential(installation.db, entered.value.id), null);
    });

    it("tries each new one alone, so that one that does not work blocks although another one would do", async () => {
      const { id } = await published();
      await addRevisionCredential(installation, id, { ...TOKEN, secret: "token-nobody" }, null, needs());

      const checked = await check(id);

      assert.equal(checked.ok && checked.value.state, "invalid");
      assert.ok(checked.ok && checked.value.checked?.blocking.some((each) => each.name === 'Credential "New token"'));
    });

    it("keeps one that goes for the runs that began with it, and forgets it after the last of them", async () => {
      const { id, credentialId } = await published();
      const [site] = await listSitesOfConnection(installation.db, id);
      const siteId = site?.id ?? "";
      await installation.db.transaction((tx) =>
        tx.execute(sql`update runs set state = 'canceled' where site_id = ${siteId}`),
      );
      const [run] = await installation.db.transaction(async (tx) => {
        const made = await tx.query<{ id: string }>(sql`
          insert into runs (site_id, connection_id, scope, trigger, state, requested_by, requested_at)
          values (${siteId}, ${id}, 'full', 'person', 'running', 'test', ${NOW})
          returning id
        `);
        await saveRunReaders(tx, { id: made[0]?.id ?? "", siteId, connectionId: id });
        return made;
      });
      await addRevisionCredential(installation, id, TOKEN, null, needs());
      await saveRevision(installation, id, null, { removeCredentials: [credentialId] }, needs());
      await check(id);
      const applied = await applyRevision(installation, id, null, ALL);

      const during = await findSealedCredential(installation.db, credentialId);
      const used = (await listCredentials(installation.db, id)).map((each) => each.label);
      const { keeper } = installation.startProcess();
      const resumed = await keeper.openForSite(id, ACME.sourceKey, NOW);
      const begun = await keeper.openForSite(id, ACME.sourceKey, new Date(NOW.getTime() + 1));
      await installation.db.transaction(async (tx) => {
        await tx.execute(sql`update runs set state = 'succeeded' where id = ${run?.id}`);
        await forgetRetiredCredentials(tx, NOW);
      });

      assert.equal(applied.ok, true);
      assert.notEqual(during?.secret ?? null, null);
      assert.deepEqual(used, ["New token"]);
      // Another process that goes on with the run has it, too; a run that begins afterwards has not.
      assert.deepEqual([resumed.length, resumed[0]?.id, begun.length], [2, credentialId, 1]);
      assert.equal(await findSealedCredential(installation.db, credentialId), null);
    });

    it("refuses one of another kind in place of one, and one for a credential that is not there", async () => {
      const { id, credentialId } = await published();
      const key: NewCredential = { ...TOKEN, kind: "organization-key", accountEmail: null };

      const refusals = [
        await addRevisionCredential(installation, id, key, credentialId, needs()),
        await addRevisionCredential(installation, id, TOKEN, "credential_000000000000", needs()),
      ];

      assert.deepEqual(
        refusals.map((each) => (each.ok || typeof each.error === "string" ? null : each.error.code)),
        ["kind-differs", "no-such-credential"],
      );
      assert.equal(await findOpenRevision(installation.db, id), null);
    });

    it("is no more once its only credential was taken out again, and leaves no secret when it is discarded", async () => {
      const { id, credentialId } = await published();
      const entered = await addRevisionCredential(installation, id, TOKEN, credentialId, needs());
      const entered2 = await addRevisionCredential(installation, id, TOKEN, null, needs());
      assert.ok(entered.ok && entered2.ok);
      await removeRevisionCredential(installation, id, entered2.value.id, needs());
      const open = await findOpenRevision(installation.db, id);

      const discarded = await discardRevision(installation, id, open?.revision ?? null);

      assert.equal(discarded.ok, true);
      const rows = await installation.db.query<{ secret: string | null }>(sql`
        select secret from credentials where id in (${entered.value.id}, ${entered2.value.id})
      `);
      assert.deepEqual(rows, [{ secret: null }, { secret: null }]);
      assert.equal((await entriesOf(id)).at(-1), "connection.revision-discarded");
      const [row] = await installation.db.query<{ change: object; checked: unknown }>(sql`
        select change, checked from connection_revisions where id = ${open?.id}
      `);
      assert.deepEqual(row, { change: {}, checked: null });
    });

    it("goes with the connection that is archived", async () => {
      const { id, credentialId } = await published();
      const entered = await addRevisionCredential(installation, id, TOKEN, credentialId, needs());

      await archiveConnection(installation, id);

      assert.equal(await findOpenRevision(installation.db, id), null);
      assert.equal(await findSealedCredential(installation.db, entered.ok ? entered.value.id : ""), null);
    });
  });

  describe("of a connection with an OAuth grant", () => {
    async function granted() {
      const id = await installation.makeConnection({ state: "published", joined: [ACME] });
      await installation.db.transaction((tx) =>
        tx.execute(sql`update connections set capabilities = '{roster}' where id = ${id}`),
      );
      const credentialId = await installation.addGrant(id);
      await process.service.check(installation.actor, id, signal);
      return { id, credentialId };
    }

    it("waits for the consent that an added capability needs, while the old grant goes on", async () => {
      const { id, credentialId } = await granted();
      const [inUse] = await process.keeper.openForSite(id, ACME.sourceKey);
      const token = await inUse?.token(signal);
      await saveRevision(installation, id, 0, { capabilities: ["roster", "activity"] }, needs());

      const early = await check(id);
      const started = await process.service.startAuthorization(installation.actor, id, credentialId, []);
      assert.ok(started.ok);
      const scopes = ["read:people", "read:groups", "read:audit", "offline_access"];
      installation.scripted.exchanges = [() => Promise.resolve(installation.scripted.givePair(scopes))];
      const state = new URL(started.value.url).searchParams.get("state");
      const answer = await process.service.finishAuthorization(
        { state, code: "code", error: null, errorDescription: null },
        signal,
      );
      const [before] = await listCredentials(installation.db, id);
      const meanwhile = await inUse?.token(signal);
      const checked = await check(id);
      const applied = await applyRevision(installation, id, null, ALL);

      assert.equal(early.ok ? null : early.error.code, "consent-needed");
      assert.deepEqual(started.value.scopes, ["read:audit", "read:groups", "read:people", "offline_access"]);
      assert.equal(answer.outcome, "authorized");
      assert.deepEqual(before?.scopes, ["read:things", "offline_access"]);
      assert.equal(meanwhile, token);
      assert.equal(checked.ok && checked.value.state, "valid");
      assert.ok(applied.ok);
      const [now] = await listCredentials(installation.db, id);
      assert.deepEqual([now?.id, now?.scopes], [credentialId, scopes]);
      for (const each of applied.value.credentialIds) process.service.forget(each);
      const [renewed] = await process.keeper.openForSite(id, ACME.sourceKey);
      assert.notEqual(await renewed?.token(signal), token);
    });

    it("waits no longer once the capability is left out again", async () => {
      const { id } = await granted();
      await saveRevision(installation, id, 0, { capabilities: ["roster", "activity"] }, needs());
      await saveRevision(installation, id, null, { capabilities: null, settings: { idleAfterDays: 30 } }, needs());

      const open = await findOpenRevision(installation.db, id);

      assert.deepEqual(await listRevisionCredentials(installation.db, open?.id ?? ""), []);
      assert.equal((await check(id)).ok, true);
    });

    it("asks for no consent where a token reads the site as well", async () => {
      const { id } = await granted();
      await installation.addSecret(id, "api-token", "token-other");
      await saveRevision(installation, id, 0, { capabilities: ["roster", "activity"] }, needs());

      assert.equal((await check(id)).ok, true);
    });
  });
});
