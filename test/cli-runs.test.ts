import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { beginRun, endRun, requestRun } from "../src/store/runs.ts";
import { siteFixture, type SiteFixture } from "../src/store/testing/facts.ts";
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

/** A run that found 20 of 60 accounts gone. */
async function heldRun(): Promise<string> {
  const at = server.clock.now();
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

describe("usher run accept", () => {
  it("shows the held difference and needs a yes before it closes what is gone", async () => {
    const runId = await heldRun();

    const shown = await usher("run", "get", runId);
    const unasked = await usher("run", "accept", runId);
    const agreed = await usher("run", "accept", runId, "--yes");
    const again = await usher("run", "accept", runId, "--yes");

    const difference = "20 of 60 accounts (more than the safeguard allows at once)";
    assert.ok(shown.stdout.includes(`Held\t${difference}\n`), shown.stdout);
    assert.match(shown.stderr, new RegExp(`^Next: usher run accept ${runId} `));
    assert.equal(unasked.exitCode, 2);
    assert.ok(unasked.stderr.includes(`are gone: ${difference}?`), unasked.stderr);
    assert.equal(agreed.exitCode, 0, agreed.stderr);
    assert.match(agreed.stderr, /^✓ Accepted for .*\nNext: usher run logs -f run_\w+\n$/);
    assert.equal(again.exitCode, 6);
    assert.match(again.stderr, /^error: The run holds nothing back/);
  });
});
