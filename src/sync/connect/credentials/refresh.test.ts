import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { CredentialAccess } from "../../../sources/source.ts";
import { findSealedCredential, listCredentials, secretPlace } from "../../../store/credentials.ts";
import { listJournal } from "../../../store/journal.ts";
import { listSitesOfConnection } from "../../../store/sites.ts";
import { type ConnectInstallation, connectInstallation } from "../testing/connect-installation.ts";
import { ACME, failure } from "../testing/scripted-source.ts";

const signal = new AbortController().signal;

describe("the access token of a grant", () => {
  let installation: ConnectInstallation;
  let connectionId: string;
  let credentialId: string;

  before(async () => {
    installation = await connectInstallation();
  });
  after(() => installation.close());
  beforeEach(async () => {
    installation.scripted.refreshes = [];
    connectionId = await installation.makeConnection({ joined: [ACME] });
    credentialId = await installation.addGrant(connectionId, { expiresInSeconds: 600 });
    installation.scripted.refreshesSeen = [];
  });

  /** The credential as one process has it. */
  async function access(process = installation.startProcess()): Promise<CredentialAccess> {
    const [credential] = await process.keeper.openForSite(connectionId, ACME.sourceKey);
    assert.ok(credential);
    return credential;
  }

  function pastRefreshTime(): void {
    // 600 s of life, of which the last quarter is spent ahead.
    installation.clock.moveBy(451_000);
  }

  async function storedRefreshToken(): Promise<string> {
    const row = await findSealedCredential(installation.db, credentialId);
    return installation.secrets.open(secretPlace(credentialId, "refresh_token"), row?.refreshToken ?? "");
  }

  it("is used as it is until shortly before its end", async () => {
    const credential = await access();

    assert.match(await credential.token(signal), /^access-\d+$/);

    assert.deepEqual(installation.scripted.refreshesSeen, []);
  });

  it("is replaced ahead of its end, and the new pair is saved before it is used", async () => {
    const credential = await access();
    const before = await credential.token(signal);
    pastRefreshTime();

    const token = await credential.token(signal);

    assert.notEqual(token, before);
    const row = await findSealedCredential(installation.db, credentialId);
    assert.equal(installation.secrets.open(secretPlace(credentialId, "access_token"), row?.accessToken ?? ""), token);
    assert.equal(row?.leaseUntil, null);
  });

  it("is refreshed once for 20 callers of one process", async () => {
    const credential = await access();
    pastRefreshTime();

    const tokens = await Promise.all(Array.from({ length: 20 }, () => credential.token(signal)));

    assert.equal(new Set(tokens).size, 1);
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });

  it("is refreshed once for 20 processes", async () => {
    const credentials = await Promise.all(Array.from({ length: 20 }, () => access(installation.startProcess())));
    pastRefreshTime();

    const tokens = await Promise.all(credentials.map((each) => each.token(signal)));

    assert.equal(new Set(tokens).size, 1);
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });

  it("is asked for again at once with the old refresh token when the answer was lost", async () => {
    const credential = await access();
    const refreshToken = await storedRefreshToken();
    pastRefreshTime();
    installation.scripted.refreshes = [() => Promise.reject(failure("source.unreachable", "No answer came."))];

    const token = await credential.token(signal);

    assert.match(token, /^access-/);
    assert.deepEqual(installation.scripted.refreshesSeen, [refreshToken, refreshToken]);
  });

  it("is refreshed by another process when the holder died between the call and the save", async () => {
    const dying = await access();
    const living = await access();
    const refreshToken = await storedRefreshToken();
    pastRefreshTime();
    const called = Promise.withResolvers<void>();
    const never = Promise.withResolvers<never>();
    installation.scripted.refreshes = [
      () => {
        called.resolve();
        return never.promise;
      },
    ];
    const lost = dying.token(signal);
    await called.promise;
    installation.clock.moveBy(31_000);

    const token = await living.token(signal);

    assert.match(token, /^access-/);
    assert.deepEqual(installation.scripted.refreshesSeen, [refreshToken, refreshToken]);
    // Its answer comes late after all: what the other saved counts, and nothing of it is overwritten.
    never.reject(failure("source.unreachable", "The answer came too late."));
    installation.scripted.refreshes = [() => Promise.reject(failure("source.unreachable", "Still nothing."))];
    assert.equal(await lost, token);
  });

  it("waits for a holder whose lease has not lapsed", async () => {
    const holder = await access();
    const waiting = await access();
    pastRefreshTime();
    const called = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    installation.scripted.refreshes = [
      async () => {
        called.resolve();
        await answer.promise;
        return installation.scripted.givePair();
      },
    ];
    const first = holder.token(signal);
    await called.promise;
    const second = waiting.token(signal);
    answer.resolve();

    assert.equal(await second, await first);
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });

  it("keeps what another process saved when its own refresh outlasted the lease", async () => {
    const slow = await access();
    const quick = await access();
    pastRefreshTime();
    const called = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    installation.scripted.refreshes = [
      async () => {
        called.resolve();
        await answer.promise;
        return installation.scripted.givePair();
      },
    ];
    const late = slow.token(signal);
    await called.promise;
    installation.clock.moveBy(31_000);
    const saved = await quick.token(signal);
    answer.resolve();

    assert.equal(await late, saved);
  });

  it("is not lost while the source does not answer", async () => {
    const credential = await access();
    pastRefreshTime();
    const silent = () => Promise.reject(failure("source.unreachable", "No answer came."));
    installation.scripted.refreshes = [silent, silent, silent];

    await assert.rejects(credential.token(signal), { code: "source.unreachable" });

    const row = await findSealedCredential(installation.db, credentialId);
    assert.equal(row?.state, "active");
    assert.equal(row?.leaseUntil, null);
    assert.match(await credential.token(signal), /^access-/);
  });

  it("needs a new consent once the source says that the grant is gone, and so does the site", async () => {
    const credential = await access();
    pastRefreshTime();
    installation.scripted.refreshes = [() => Promise.reject(failure("source.grant-lost", "It was revoked."))];

    await assert.rejects(credential.token(signal), { code: "source.grant-lost" });

    const [stored] = await listCredentials(installation.db, connectionId);
    assert.equal(stored?.state, "needs-reauthorization");
    const [site] = await listSitesOfConnection(installation.db, connectionId);
    assert.equal(site?.health, "needs-reauthorization");
    const [entry] = await listJournal(installation.db, {
      before: null,
      after: null,
      limit: 1,
      entry: "credential.lost",
      subjectId: credentialId,
    });
    assert.deepEqual(entry?.detail, { connectionId, kind: "oauth", code: "source.grant-lost" });
    await assert.rejects(credential.token(signal), { code: "source.grant-lost" });
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });

  it("is renewed before its time when the source rejected it, once for all who were rejected", async () => {
    const credential = await access();
    const rejected = await credential.token(signal);

    const tokens = await Promise.all(Array.from({ length: 5 }, () => credential.renew(rejected, signal)));

    assert.equal(new Set(tokens).size, 1);
    assert.notEqual(tokens[0], rejected);
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });

  it("goes on being fetched for the others when one caller is canceled", async () => {
    const credential = await access();
    pastRefreshTime();
    const stopper = new AbortController();
    const canceled = credential.token(stopper.signal);
    const other = credential.token(signal);
    stopper.abort(new Error("canceled"));

    await assert.rejects(canceled, /canceled/);
    assert.match(await other, /^access-/);
    assert.equal(installation.scripted.refreshesSeen.length, 1);
  });
});
