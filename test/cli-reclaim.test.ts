import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type WritableSite, writableSite } from "../src/actions/testing/site-writer.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../src/model/reclamation.ts";
import { candidateFixture } from "../src/store/testing/candidates.ts";
import { sql } from "../src/store/sql.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../src/store/testing/facts.ts";
import { afterRun } from "../src/sync/after-run.ts";
import type { SyncedSite } from "./support/synced-site.ts";
import { executeDue } from "./support/reclaimable-site.ts";
import { ranUsher } from "./support/run-cli.ts";

const PEOPLE = ["ann", "bob", "cy"];

let server: TestServer;
let acme: SiteFixture;
let site: WritableSite;
let environment: Record<string, string>;

before(async () => {
  server = await startTestServer();
  server.clock.moveTo(OBSERVED_AT);
  acme = await siteFixture(server.db);
  site = writableSite(server.clock);
  for (const name of PEOPLE) {
    await acme.account(name, { email: `${name}@acme.example` });
    site.accounts.set(name, { groups: new Set(["users"]), isActive: true, isSuspended: false, products: [] });
  }
  await acme.group("users", { gives: "user", members: PEOPLE });
  const { siteId, connectionId, settings } = acme;
  const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
  await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
  await server.db.transaction(async (tx) => {
    await tx.execute(sql`update connections set capabilities = '{roster,reclaim}'`);
    await tx.execute(sql`
      insert into site_capabilities (site_id, capability, connection_id, since)
      values (${siteId}, 'reclaim', ${connectionId}, ${OBSERVED_AT})
    `);
  });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
});
after(() => server.close());

const usher = (...argv: string[]) => ranUsher(argv, { environment, clock: server.clock });
const execute = () => executeDue(server.db, server.clock, { open: () => site.source } as unknown as SyncedSite);
const planOf = (text: string) => /plan_[0-9a-z]{12}/.exec(text)?.[0] ?? "";

async function makeRule(name: string): Promise<string> {
  const [row] = await server.db.query<{ id: string }>(sql`
    insert into reclamation_rules (name, status, condition, settings, created_at, updated_at)
    values (${name}, 'active', '{"is": "idle", "days": 60}', ${JSON.stringify(DEFAULT_RECLAMATION_SETTINGS)},
            ${OBSERVED_AT}, ${OBSERVED_AT})
    returning id
  `);
  return row?.id ?? "";
}

describe("usher reclaim", () => {
  it("plans, is held to Observe only, applies, and gives back", async () => {
    const planned = await usher("reclaim", "plan", "--filter", "q=ann", "--reason", "Idle.", "--accept-no-evidence");
    const planId = planOf(planned.stdout);
    const rows = await usher("reclaim", "rows", planId);
    const observed = await usher("reclaim", "apply", planId, "--yes", "--no-wait");
    await server.db.transaction((tx) => tx.execute(sql`update sites set mode = 'act'`));
    const wrong = await usher("reclaim", "apply", planId, "--confirm", "2");
    const begun = await usher("reclaim", "apply", planId, "--confirm", "1", "--no-wait");
    await execute();
    const shown = await usher("reclaim", "show", planId);
    const again = await usher("reclaim", "apply", planId, "--confirm", "1");

    assert.equal(planned.exitCode, 0, planned.stderr);
    assert.match(planned.stderr, /^Plan plan_\w+: − 1 seats, ~ 0, \+ 0\. \$[\d.]+\/month from the next bill on\.$/m);
    assert.match(rows.stdout, /^1\tacme\tann\tplanned\tusers\tgroup-memberships\t/);
    assert.equal(observed.exitCode, 4, observed.stderr);
    assert.match(observed.stderr, /Usher only observes acme\. Set it to Act first\./);
    assert.equal(wrong.exitCode, 2);
    assert.equal(begun.exitCode, 8, begun.stderr);
    assert.match(shown.stdout, /^State\tapplied$/m);
    assert.match(shown.stdout, /^So far\t1 done$/m);
    assert.equal(again.exitCode, 6, again.stderr);
    assert.deepEqual([...(site.accounts.get("ann")?.groups ?? [])], []);

    const undone = await usher("reclaim", "undo", planId, "--reason", "Wrong.");
    const back = await usher("reclaim", "apply", planOf(undone.stdout), "--yes", "--no-wait");
    await execute();
    const listed = await usher("reclaim", "list", "--filter", "kind=reclaim");

    assert.match(undone.stderr, /^Plan plan_\w+: − 0 seats, ~ 0, \+ 1\.$/m);
    assert.equal(back.exitCode, 8, back.stderr);
    assert.match(listed.stdout, /\tundone\treclaim\t1\t/);
    assert.deepEqual([...(site.accounts.get("ann")?.groups ?? [])], ["users"]);
  });

  it("leaves out a seat of which nobody knows whether it is used, unless that is accepted", async () => {
    const planned = await usher("reclaim", "plan", "--filter", "q=ann", "--reason", "Idle.");
    const planId = /plan_\w+/.exec(planned.stdout)?.[0] ?? "";
    const rows = await usher("reclaim", "rows", planId, "-o", "csv");

    assert.match(planned.stderr, /− 0 seats, ~ 0, \+ 0\. 1 left out\.$/m);
    assert.match(rows.stdout, /nobody knows whether it is used/);
  });

  it("plans what one rule found and somebody decided, as a plan of that rule", async () => {
    const ruleId = await makeRule("Idle seats");
    const candidate = await candidateFixture(server.db, acme.siteId, "ann", { state: "scheduled", ruleId });
    const plan = ["reclaim", "plan", "--reason", "Decided."];

    const planned = await usher(...plan, "--candidates", 'rule="Idle seats"', "site=acme");
    const rows = await usher("reclaim", "rows", planOf(planned.stdout), "-o", "jsonl");
    const none = await usher(...plan, "--candidates", "state=kept");
    const both = await usher(...plan, "--candidates", "state=scheduled", "--filter", "q=ann");

    assert.match(planned.stdout, new RegExp(`^Rule\t${ruleId}$`, "m"));
    assert.equal(JSON.parse(rows.stdout).candidateId, candidate.id);
    assert.equal(none.exitCode, 5);
    assert.match(none.stderr, /No candidate matches\.\ntry: usher reclaim candidates list/);
    assert.equal(both.exitCode, 2);
  });

  it("restores one seat, and says what was never taken", async () => {
    const never = await usher("reclaim", "restore", "cy", "--reason", "Asked.", "--no-wait");
    const planned = await usher("reclaim", "plan", "--filter", "q=cy", "--reason", "Idle.", "--accept-no-evidence");
    await usher("reclaim", "apply", planOf(planned.stdout), "--yes", "--no-wait");
    await execute();
    const back = await usher("reclaim", "restore", "cy", "--reason", "Asked.", "--no-wait");
    await execute();

    assert.equal(never.exitCode, 5, never.stderr);
    assert.equal(back.exitCode, 8, back.stderr);
    assert.deepEqual([...(site.accounts.get("cy")?.groups ?? [])], ["users"]);
  });

  it("shows and chooses how seats are taken, and waits for whoever takes them", async () => {
    const before = await usher("connection", "executor", "acme");
    const refused = await usher("connection", "executor", "acme", "--by", "webhook");
    const chosen = await usher("connection", "executor", "acme", "--by", "instruction", "--instruction", "Ask IT.");
    const planned = await usher("reclaim", "plan", "--filter", "q=bob", "--reason", "Idle.", "--accept-no-evidence");
    const pending = await usher("reclaim", "apply", planOf(planned.stdout), "--yes");
    const waiting = await usher("reclaim", "actions", "--filter", "waits=true");
    site.accounts.get("bob")?.groups.clear();
    const actionId = /action_[0-9a-z]{12}/.exec(waiting.stdout)?.[0] ?? "";
    const reported = await usher("reclaim", "report", actionId, "--outcome", "done");
    await execute();
    const shown = await usher("reclaim", "show", planOf(planned.stdout));

    assert.match(before.stdout, /^Seats by\tgroup-memberships$/m);
    assert.equal(refused.exitCode, 2, refused.stderr);
    assert.equal(chosen.exitCode, 0, chosen.stderr);
    assert.equal(pending.exitCode, 8, pending.stderr);
    assert.match(waiting.stdout, /Remove the account bob from the group users of acme\. Ask IT\./);
    assert.equal(reported.exitCode, 0, reported.stderr);
    assert.match(shown.stdout, /^State\tapplied$/m);
  });

  it("says which limit holds a plan", async () => {
    await usher("connection", "executor", "acme", "--by", "group-memberships");
    const planned = await usher("reclaim", "plan", "--filter", "q=ann", "--reason", "Idle.", "--accept-no-evidence");
    server.clock.moveBy(23 * 3_600_000);
    await server.db.transaction((tx) => tx.execute(sql`update site_summaries set as_of = '2026-11-01'`));

    const held = await usher("reclaim", "apply", planOf(planned.stdout), "--yes");

    assert.equal(held.exitCode, 7, held.stderr);
    assert.match(held.stderr, /Data of acme is older than 36 hours/);
  });
});
