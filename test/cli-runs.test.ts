import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { beginRun, endRun, requestRun } from "../src/store/runs.ts";
import { sql } from "../src/store/sql.ts";
import { OBSERVED_AT, siteFixture, type SiteFixture } from "../src/store/testing/facts.ts";
import { ranUsher } from "./support/run-cli.ts";

let server: TestServer;
let site: SiteFixture;
let environment: Record<string, string>;

before(async () => {
  server = await startTestServer();
  site = await siteFixture(server.db);
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
});

after(() => server.close());

function usher(...argv: string[]) {
  return ranUsher(argv, { environment, clock: server.clock });
}

let runs = 0;

/** A run that found 20 of 60 accounts gone, each an hour after the one before. */
async function heldRun(): Promise<string> {
  const at = new Date(OBSERVED_AT.getTime() + (runs += 1) * 3_600_000);
  return server.db.transaction(async (tx) => {
    const { siteId, connectionId } = site;
    const asked = { siteId, connectionId, scope: "full", trigger: "person", requestedBy: "test" } as const;
    const queued = await requestRun(tx, { ...asked, requestedAt: at });
    assert.ok(queued.ok);
    await beginRun(tx, queued.value, at);
    const kinds = { accounts: { known: 60, gone: 20, reason: "too-many-gone" } };
    await endRun(tx, queued.value, { state: "held", at, held: { kinds, currentAccountId: null }, error: null });
    return queued.value;
  });
}

describe("usher run accept, difference and discard", () => {
  it("shows the held difference and needs a yes before it closes what is gone", async () => {
    const runId = await heldRun();

    const shown = await usher("run", "get", runId);
    const unasked = await usher("run", "accept", runId);
    const agreed = await usher("run", "accept", runId, "--yes");
    const again = await usher("run", "accept", runId, "--yes");

    const difference = "20 of 60 accounts (more than the safeguard allows at once)";
    assert.ok(shown.stdout.includes(`Held\t${difference}\n`), shown.stdout);
    assert.match(shown.stderr, new RegExp(`^Next: usher run difference ${runId} `));
    assert.equal(unasked.exitCode, 2);
    assert.ok(unasked.stderr.includes(`are gone: ${difference}?`), unasked.stderr);
    assert.equal(agreed.exitCode, 0, agreed.stderr);
    assert.match(agreed.stderr, /^✓ Accepted for .*\nNext: usher run logs -f run_\w+\n$/);
    assert.equal(again.exitCode, 6);
    assert.match(again.stderr, /^error: The difference was accepted already/);
    await usher("run", "cancel", agreed.stderr.match(/run_\w+/)?.[0] ?? "");
  });

  it("lists what was missed, of one group when asked, and discards it for a reason that must be given", async () => {
    const team = await site.group("Team 1", { members: [] });
    await site.account("ann");
    const runId = await heldRun();
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into unseen (site_id, kind, subject, scope, run_id, verdict, reason, first_unseen_at)
        select ${site.siteId}, 'groups', ${team}, null, ${runId}, 'gone', 'No such group.', observed_at
          from runs where id = ${runId}
      `),
    );

    const rows = await usher("run", "difference", runId, "--kind", "groups", "--group", "Team 1");
    const others = await usher("run", "difference", runId, "--group", "Team 2");
    const totals = await usher("run", "difference-summary", runId);
    const unexplained = await usher("run", "discard", runId);
    const discarded = await usher("run", "discard", runId, "--reason", "the token lost its group");

    assert.match(rows.stdout, /^groups\tTeam 1\t/m);
    assert.doesNotMatch(others.stdout, /Team 1/);
    assert.match(totals.stdout, /^groups\t\t1\t0$/m);
    assert.equal(unexplained.exitCode, 2);
    assert.ok(unexplained.stderr.includes("--reason"), unexplained.stderr);
    assert.equal(discarded.exitCode, 0, discarded.stderr);
    assert.match(discarded.stderr, /^✓ Discarded for .*\nNext: usher sync /);
  });
});
