import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { settleSiteEdition } from "../src/store/editions/settle.ts";
import { saveSiteDescription } from "../src/store/sites.ts";
import { OBSERVED_AT, siteFixture } from "../src/store/testing/facts.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { ranUsher } from "./support/run-cli.ts";

describe("usher unrecognized", () => {
  let server: TestServer;
  let environment: Record<string, string>;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    const acme = await siteFixture(server.db);
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    const { siteId, connectionId, settings } = acme;
    const told = { edition: "unrecognized", editionIdentifier: "COMMUNITY" } as const;
    await server.db.transaction(async (tx) => {
      await saveSiteDescription(tx, siteId, told);
      await settleSiteEdition(tx, siteId, OBSERVED_AT);
    });
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
  });
  after(() => server.close());

  const usher = (...argv: string[]) => ranUsher(argv, { environment, clock: server.clock });

  it("lists what nobody knows, matches it by its name, and takes it back", async () => {
    const listed = await usher("unrecognized", "list");
    const matched = await usher("unrecognized", "match", "community", "--edition", "premium");
    const editions = await usher("edition", "list");
    const overview = await usher("overview");
    const back = await usher("unrecognized", "unmatch", "COMMUNITY");

    assert.match(listed.stdout, /^COMMUNITY\tconfluence-cloud\tunrecognized\t\tacme\t1\t0\t/);
    assert.equal(matched.exitCode, 0, matched.stderr);
    assert.match(matched.stderr, /^✓ COMMUNITY is premium: 1 sites, 1 seats changed\.\nNext: usher overview\n$/);
    assert.match(editions.stdout, /^premium\tPremium\t1\t1$/m);
    assert.match(overview.stdout, /premium/);
    assert.match(back.stderr, /COMMUNITY is unrecognized again/);
  });

  it("refuses to match what Usher knows by itself, or what no site told", async () => {
    const known = await usher("unrecognized", "match", "PREMIUM", "--edition", "free");
    const unknown = await usher("unrecognized", "match", "GALAXY", "--edition", "free");

    assert.equal(known.exitCode, 6, known.stderr);
    assert.match(known.stderr, /Usher or the source itself knows which edition this is/);
    assert.equal(unknown.exitCode, 5);
  });
});
