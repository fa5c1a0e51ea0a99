import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { writableSite } from "../src/actions/testing/site-writer.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { OBSERVED_AT, siteFixture } from "../src/store/testing/facts.ts";
import { sql } from "../src/store/sql.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { executeDue } from "./support/reclaimable-site.ts";
import { ranUsher } from "./support/run-cli.ts";
import type { SyncedSite } from "./support/synced-site.ts";

/** One more than a person takes without a second one. */
const SEATS = 101;

/** Petra makes a plan that is too large for one person; Sam is the second. */
describe("a plan of more than a hundred seats by the command line", () => {
  let server: TestServer;
  let tokens: { robot: string; petra: string; sam: string; ofPetra: string };
  let execute: () => Promise<unknown>;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    const acme = await siteFixture(server.db);
    const site = writableSite(server.clock);
    const names = Array.from({ length: SEATS }, (_, index) => `person-${index}`);
    for (const name of names) {
      await acme.account(name, { email: `${name}@acme.example` });
      site.accounts.set(name, { groups: new Set(["users"]), isActive: true, isSuspended: false, products: [] });
    }
    await acme.group("users", { gives: "user", members: names });
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
    await server.db.transaction(async (tx) => {
      await tx.execute(sql`update sites set mode = 'act'`);
      await tx.execute(sql`update connections set capabilities = '{roster,reclaim}'`);
      await tx.execute(sql`
        insert into site_capabilities (site_id, capability, connection_id, since)
        values (${siteId}, 'reclaim', ${connectionId}, ${OBSERVED_AT})
      `);
    });
    environment = { USHER_URL: await server.app.listen({ host: "127.0.0.1", port: 0 }) };
    const robot = await server.makeToken(["*"]);
    const sam = ["--scope", "plans:write", "--person", "Sam Okafor", "--email", "sam@acme.example"];
    const petra = await token(robot, "--scope", "*", "--person", "Petra Novak", "--email", "petra@acme.example");
    tokens = { robot, petra, sam: await token(robot, ...sam), ofPetra: await token(petra, ...sam) };
    execute = () => executeDue(server.db, server.clock, { open: () => site.source } as unknown as SyncedSite);
  });
  after(() => server.close());

  let environment: Record<string, string>;
  const as = (tokenOf: string, ...argv: string[]) =>
    ranUsher(argv, { environment: { ...environment, USHER_TOKEN: tokenOf }, clock: server.clock });
  const planOf = (text: string) => /plan_[0-9a-z]{12}/.exec(text)?.[0] ?? "";

  async function token(maker: string, ...options: string[]): Promise<string> {
    const made = await as(maker, "token", "create", "--name", "x", ...options);
    return /usher_[\w-]+/.exec(made.stdout)?.[0] ?? made.stderr;
  }

  async function made(): Promise<string> {
    const chosen = ["--filter", "status=no-evidence", "--accept-no-evidence"];
    const planned = await as(tokens.petra, "reclaim", "plan", ...chosen, "--reason", "Idle.");
    assert.match(planned.stderr, /− 101 seats.* A second person approves it first\.$/m);
    return planOf(planned.stdout);
  }

  it("is approved by somebody else than its maker, who then applies and undoes it", async () => {
    const planId = await made();
    const shown = await as(tokens.petra, "reclaim", "show", planId);
    const early = await as(tokens.petra, "reclaim", "apply", planId, "--confirm", "101");
    const own = await as(tokens.petra, "reclaim", "approve", planId, "--yes");
    const listed = await as(tokens.sam, "reclaim", "list", "--filter", "state=ready");
    const approved = await as(tokens.sam, "reclaim", "approve", planId, "--yes");
    const bySam = await as(tokens.sam, "reclaim", "apply", planId, "--confirm", "101");
    const begun = await as(tokens.petra, "reclaim", "apply", planId, "--confirm", "101", "--no-wait");
    const tooEarly = await as(tokens.petra, "reclaim", "undo", planId, "--reason", "Only a try.");
    await execute();
    const applied = await as(tokens.petra, "reclaim", "show", planId);
    const undone = await as(tokens.petra, "reclaim", "undo", planId, "--reason", "Only a try.");
    const back = await as(tokens.petra, "reclaim", "apply", planOf(undone.stdout), "--yes", "--no-wait");
    await execute();
    const end = await as(tokens.petra, "reclaim", "show", planId);

    assert.match(shown.stdout, /^Made by\tPetra Novak$/m);
    assert.match(shown.stderr, new RegExp(`Next: somebody else: usher reclaim approve ${planId}`));
    assert.equal(early.exitCode, 7);
    assert.match(early.stderr, /so a second person approves it first: neither who made it nor who applies it\.$/m);
    assert.match(early.stderr, new RegExp(`^try: somebody else: usher reclaim approve ${planId}$`, "m"));
    assert.equal(own.exitCode, 4);
    assert.match(
      own.stderr,
      /You made this plan; somebody else approves it\.\ntry: somebody else: usher reclaim approve/,
    );
    assert.match(listed.stdout, /\tIdle\.\t.*\tneeded$/m);
    assert.equal(approved.exitCode, 0, approved.stderr);
    assert.match(
      approved.stderr,
      /Next: Petra Novak, or somebody else than you: usher reclaim apply plan_\w+ --confirm 101/,
    );
    assert.equal(bySam.exitCode, 7);
    assert.match(bySam.stderr, /You approved it, .* so let somebody else apply it/);
    assert.equal(begun.exitCode, 8, begun.stderr);
    assert.equal(tooEarly.exitCode, 6);
    assert.match(tooEarly.stderr, /It can be when it has ended\.\ntry: usher reclaim show plan_/);
    assert.match(applied.stdout, /^So far\t101 done$/m);
    assert.match(applied.stdout, /^Approved by\tSam Okafor$/m);
    assert.equal(back.exitCode, 8, back.stderr);
    assert.match(end.stdout, /^State\tundone$/m);
  });

  it("is approved by no program, and by no token that its maker made", async () => {
    const planId = await made();
    const program = await as(tokens.robot, "reclaim", "approve", planId, "--yes");
    const puppet = await as(tokens.ofPetra, "reclaim", "approve", planId, "--yes");

    assert.equal(program.exitCode, 4);
    assert.match(program.stderr, /A person approves it, signed in or by a token of their own\./);
    assert.equal(puppet.exitCode, 4);
    assert.match(puppet.stderr, /Whoever made this plan also made the token that you come by/);
  });
});
