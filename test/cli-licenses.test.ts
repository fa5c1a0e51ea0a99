import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { OBSERVED_AT, siteFixture } from "../src/store/testing/facts.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { ranUsher } from "./support/run-cli.ts";

describe("usher license and position", () => {
  let server: TestServer;
  let environment: Record<string, string>;
  let folder: string;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    const acme = await siteFixture(server.db);
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
    folder = await mkdtemp(join(tmpdir(), "usher-licenses-"));
  });

  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const usher = (...argv: string[]) => ranUsher(argv, { environment, clock: server.clock });

  it("adds a license from what the site tells, computes the position, and exports what imports unchanged", async () => {
    const terms = ["--site", "acme", "--bands", "100: 6.55; *: 5.10", "--currency", "USD", "--from", "2026-01-15"];
    const added = await usher("license", "add", ...terms);
    const edited = await usher("license", "edit", "acme standard", "--quantity", "5", "--note", "by invoice");
    const computed = await usher("position", "compute");
    const seats = await usher("position", "seats", "--part", "used");
    const renewal = await usher("license", "renewal", "acme standard", "--seats", "1,5");
    const exported = await usher("license", "export");
    const file = join(folder, "licenses.csv");
    await writeFile(file, exported.stdout);
    const imported = await usher("license", "import", file);

    assert.equal(added.exitCode, 0, added.stderr);
    assert.match(added.stdout, /^License\tacme standard\nState\tin-force\nSites\tacme\nEdition\tstandard\n/);
    assert.match(edited.stdout, /^Revision\t2$/m);
    assert.equal(computed.exitCode, 0, computed.stderr);
    assert.match(computed.stdout, /^acme standard\tover\t5\t1\t4\t0\t/m);
    assert.match(seats.stdout, /^acme\tann\t/);
    assert.equal(renewal.exitCode, 0, renewal.stderr);
    assert.match(renewal.stdout, /^5\t32\.75 USD\t/m);
    assert.match(imported.stdout, /^unchanged\t1$/m);
  });

  it("says what a license still needs", async () => {
    const refused = await usher("license", "add", "--site", "acme", "--edition", "standard", "--currency", "USD");

    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /A license needs --bands or --tiers, --from/);
  });
});
