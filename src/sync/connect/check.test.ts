import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { findConnection } from "../../store/connections.ts";
import { listCredentials } from "../../store/credentials.ts";
import { findSite, listSitesOfConnection } from "../../store/sites.ts";
import { listWantedSites } from "../../store/wanted-sites.ts";
import { sql } from "../../store/sql.ts";
import { type ConnectInstallation, connectInstallation } from "./testing/connect-installation.ts";
import { ACME, failure, LABS } from "./testing/scripted-source.ts";

const signal = new AbortController().signal;

describe("checking a connection", () => {
  let installation: ConnectInstallation;
  let service: ReturnType<ConnectInstallation["startProcess"]>["service"];

  before(async () => {
    installation = await connectInstallation();
    service = installation.startProcess().service;
    installation.scripted.accounts.set("token-petra", "account-petra").set("key-acme", "organization");
  });
  after(() => installation.close());
  beforeEach(() => installation.scripted.failing.clear());

  function check(connectionId: string) {
    return service.check(installation.actor, connectionId, signal);
  }

  it("joins the sites that were asked for, tries each capability, and validates the draft", async () => {
    const connectionId = await installation.makeConnection({ wanted: ["acme", "https://labs.example/wiki/home"] });
    await installation.addSecret(connectionId, "api-token", "token-petra");

    const report = await check(connectionId);

    assert.ok(report.ok);
    assert.equal(report.value.isValid, true);
    assert.equal((await findConnection(installation.db, connectionId))?.state, "validated");
    const sites = await listSitesOfConnection(installation.db, connectionId);
    assert.deepEqual(
      sites.map((each) => each.sourceKey),
      [ACME.sourceKey, LABS.sourceKey],
    );
    assert.deepEqual(
      sites[0]?.probes.map((each) => each.capability),
      ["roster", "activity", "permissions"],
    );
    assert.equal(sites[0]?.probes[0]?.tookMs, 12);
    assert.ok(sites[0]?.probes[0]?.checkedAt instanceof Date);
    assert.equal(sites[0]?.health, "connected");
    assert.equal(sites[0]?.edition, "standard");
    assert.deepEqual(await listWantedSites(installation.db, connectionId), []);
    const [credential] = await listCredentials(installation.db, connectionId);
    assert.equal(credential?.sourceAccountId, "account-petra");
  });

  it("degrades a site by the capability that failed, with its reason and fix, and still validates", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    await installation.addSecret(connectionId, "api-token", "token-petra");
    installation.scripted.failing.set("activity", "The edition has no audit log.");

    const report = await check(connectionId);

    assert.ok(report.ok);
    assert.deepEqual(report.value.sites[0]?.failed, ["activity"]);
    const [site] = await listSitesOfConnection(installation.db, connectionId);
    assert.equal(site?.health, "degraded");
    assert.deepEqual(site?.healthDetail, {
      capability: "activity",
      reason: "Try activity: The edition has no audit log.",
      fix: "Give it the role it needs.",
    });
    assert.equal((await findConnection(installation.db, connectionId))?.state, "validated");
  });

  it("leaves a draft a draft while no roster can be read", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    await installation.addSecret(connectionId, "api-token", "token-petra");
    installation.scripted.failing.set("roster", "The account may not see people.");

    const report = await check(connectionId);

    assert.equal(report.ok && report.value.isValid, false);
    assert.equal((await findConnection(installation.db, connectionId))?.state, "draft");
    const [site] = await listSitesOfConnection(installation.db, connectionId);
    assert.equal(site?.health, "not-connected");
  });

  it("marks a token that the source rejects everywhere, and takes it back once it works", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    await installation.addSecret(connectionId, "api-token", "token-wrong");

    await check(connectionId);
    const [lost] = await listCredentials(installation.db, connectionId);
    installation.scripted.accounts.set("token-wrong", "account-petra");
    await check(connectionId);
    const [found] = await listCredentials(installation.db, connectionId);

    assert.equal(lost?.state, "needs-reauthorization");
    assert.equal(found?.state, "active");
  });

  it("forecasts a site that was never read by one of a stated size, and says when its quota does not do", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    await installation.addSecret(connectionId, "api-token", "token-petra");

    const report = await check(connectionId);

    const forecast = report.ok ? report.value.sites[0]?.forecast : null;
    assert.equal(forecast?.basis, "assumed");
    assert.equal(forecast?.points, 100_000);
    assert.match(forecast?.verdict ?? "", /spreads over 2 hours/);
  });

  it("warns of a token that ends within 30 days, which changes nothing else", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    const id = await installation.addSecret(connectionId, "api-token", "token-petra");
    await installation.db.transaction((tx) =>
      tx.execute(sql`update credentials set expires_at = '2026-12-01T00:00:00Z' where id = ${id}`),
    );

    const report = await check(connectionId);

    const probes = report.ok ? (report.value.sites[0]?.probes ?? []) : [];
    const warning = probes.find((each) => each.name === "Credential expiry");
    assert.match(warning?.detail ?? "", /ends on 2026-12-01/);
    const [site] = await listSitesOfConnection(installation.db, connectionId);
    assert.equal(site?.health, "connected");
    assert.ok(site?.probes.some((each) => each.name === "Credential expiry"));
  });

  it("does not validate what was changed while it was being checked", async () => {
    const connectionId = await installation.makeConnection({ joined: [ACME] });
    await installation.addSecret(connectionId, "api-token", "token-petra");
    const { source } = installation.scripted;
    const open = source.open.bind(source);
    source.open = (access) => {
      const site = open(access);
      const probe = site.probe.bind(site);
      site.probe = async (capability, stop) => {
        await installation.db.transaction((tx) =>
          tx.execute(sql`update connections set revision = revision + 1 where id = ${connectionId}`),
        );
        return probe(capability, stop);
      };
      return site;
    };

    await check(connectionId);
    source.open = open;

    assert.equal((await findConnection(installation.db, connectionId))?.state, "draft");
  });

  it("says what is missing when there is nothing to check", async () => {
    const empty = await installation.makeConnection();
    const waiting = await installation.makeConnection({ wanted: ["acme"] });

    const [first, second] = [await check(empty), await check(waiting)];

    assert.deepEqual(first, {
      ok: false,
      error: {
        code: "nothing-to-check",
        detail: "The connection has no site yet. Add one by its address, or authorize and choose one.",
      },
    });
    assert.match(second.ok ? "" : second.error.detail, /No credential can look for "acme" yet/);
  });

  it("says why a site that was typed into a draft is none", async () => {
    const connectionId = await installation.makeConnection({ wanted: ["http://10.0.0.1/"] });

    const checked = await check(connectionId);

    assert.match(checked.ok ? "" : checked.error.detail, /"http:\/\/10\.0\.0\.1\/" is no site\. Type its name\./);
    const [waiting] = await listWantedSites(installation.db, connectionId);
    assert.match(waiting?.problem ?? "", /is no site/);
  });

  describe("adding sites", () => {
    it("makes a second connection a further way to a site that is known, never a second copy of it", async () => {
      const first = await installation.makeConnection({ joined: [ACME] });
      const second = await installation.makeConnection();
      await installation.addSecret(second, "api-token", "token-petra");

      const added = await service.addSite(installation.actor, second, "acme", signal);

      assert.ok(added.ok);
      assert.equal(added.value.wasKnown, true);
      const site = await findSite(installation.db, added.value.siteId ?? "");
      const connections = site?.connections.map((each) => each.id) ?? [];
      assert.ok(connections.includes(first) && connections.includes(second));
    });

    it("goes on trying a token on every site, as a token does not tell which ones it reaches", async () => {
      const connectionId = await installation.makeConnection({ joined: [ACME] });
      await installation.addSecret(connectionId, "api-token", "token-petra");

      await service.addSite(installation.actor, connectionId, "labs", signal);

      const { keeper } = installation.startProcess();
      assert.equal((await keeper.openForSite(connectionId, ACME.sourceKey)).length, 1);
      assert.equal((await keeper.openForSite(connectionId, LABS.sourceKey)).length, 1);
    });

    it("keeps a site that no credential reaches yet as wanted in a draft, with the reason", async () => {
      const connectionId = await installation.makeConnection();

      const added = await service.addSite(installation.actor, connectionId, "acme", signal);

      assert.equal(added.ok && added.value.siteId, null);
      assert.deepEqual(await listWantedSites(installation.db, connectionId), [{ typed: "acme", problem: null }]);
    });

    it("takes a site into a published connection only once its roster was read, and has it read at once", async () => {
      const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
      await installation.addSecret(connectionId, "api-token", "token-petra");
      installation.scripted.failing.set("roster", "The account may not see people.");
      const refused = await service.addSite(installation.actor, connectionId, "labs", signal);
      installation.scripted.failing.clear();

      const added = await service.addSite(installation.actor, connectionId, "labs", signal);

      assert.equal(refused.ok ? null : refused.error.code, "site-not-proved");
      assert.ok(added.ok);
      const runs = await installation.db.query<{ trigger: string; state: string }>(sql`
        select trigger, state from runs where site_id = ${added.value.siteId}
      `);
      assert.deepEqual(runs, [{ trigger: "publish", state: "queued" }]);
      assert.equal((await findConnection(installation.db, connectionId))?.state, "published");
    });

    it("says what is wrong with what was typed", async () => {
      const connectionId = await installation.makeConnection();

      const added = await service.addSite(installation.actor, connectionId, "???", signal);

      assert.deepEqual(added.ok ? null : added.error, {
        code: "site-not-understood",
        detail: '"???" is no site. Type its name.',
      });
    });
  });

  describe("proving before it counts", () => {
    it("accepts a token only when the source does", async () => {
      const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
      const token = { kind: "api-token" as const, accountEmail: "petra@acme.example", organizationId: null };

      const right = await service.proveSecret(connectionId, { ...token, secret: "token-petra" }, signal);
      const wrong = await service.proveSecret(connectionId, { ...token, secret: "token-nobody" }, signal);

      assert.deepEqual(right, { ok: true, value: { coveredSites: [ACME.sourceKey] } });
      assert.match(wrong.ok ? "" : wrong.error.detail, /does not accept the token/);
    });

    it("accepts an organization key only when it reads the organization", async () => {
      const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
      await installation.addSecret(connectionId, "api-token", "token-petra");
      const key = { kind: "organization-key" as const, accountEmail: null, organizationId: null };

      const right = await service.proveSecret(connectionId, { ...key, secret: "key-acme" }, signal);
      const wrong = await service.proveSecret(connectionId, { ...key, secret: "key-other" }, signal);

      assert.deepEqual(right, { ok: true, value: { coveredSites: null } });
      assert.equal(wrong.ok ? null : wrong.error.code, "not-proved");
    });
  });

  it("rotates a client secret by a refresh that proves it, and keeps the old one when it fails", async () => {
    const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
    const credentialId = await installation.addGrant(connectionId);
    const seen: string[] = [];
    const authorizer = installation.scripted.source.authorizer!;
    const refresh = authorizer.refresh;
    authorizer.refresh = (request, stop) => {
      seen.push(request.clientSecret);
      return refresh(request, stop);
    };

    const rotated = await service.rotateClientSecret(installation.actor, credentialId, "client-secret-2");
    installation.scripted.refreshes = [() => Promise.reject(new Error("not a failure of the source"))];
    await assert.rejects(service.rotateClientSecret(installation.actor, credentialId, "client-secret-3"));
    authorizer.refresh = refresh;

    assert.ok(rotated.ok);
    assert.deepEqual(seen, ["client-secret-2", "client-secret-3"]);
    const [credential] = await installation.startProcess().keeper.openForSite(connectionId, ACME.sourceKey);
    assert.match((await credential?.token(signal)) ?? "", /^access-/);
  });

  it("asks again at once when the refresh that proves a new client secret was not answered", async () => {
    const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
    const credentialId = await installation.addGrant(connectionId);
    installation.scripted.refreshesSeen = [];
    installation.scripted.refreshes = [() => Promise.reject(failure("source.unreachable", "The answer was lost."))];

    const rotated = await service.rotateClientSecret(installation.actor, credentialId, "client-secret-2");

    const [first, second] = installation.scripted.refreshesSeen;
    assert.equal(rotated.ok, true);
    assert.equal(installation.scripted.refreshesSeen.length, 2);
    assert.equal(first, second);
  });
});
