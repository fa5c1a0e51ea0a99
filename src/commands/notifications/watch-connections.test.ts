import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createSecretBox } from "../../lib/secret-box.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { ensurePerson } from "../../store/operators.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture } from "../../store/testing/facts.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { tellRunEnd } from "../../sync/tell-run-end.ts";
import { createConnection } from "../connections/create-connection.ts";
import type { Context } from "../context.ts";
import { watchConnections } from "./watch-connections.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const DAY_MS = 86_400_000;

describe("owners of connections", () => {
  let test: TestDatabase;
  let db: Database;
  let context: Context;
  let siteId: string;
  let connectionId: string;
  const clock = manualClock(NOW);
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    const petra = await db.transaction((tx) => ensurePerson(tx, { name: "Petra", email: "petra@acme.example" }, NOW));
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    ({ siteId, connectionId } = await siteFixture(db));
    await db.query(sql`
      insert into connection_owners (connection_id, email, added_at) values (${connectionId}, 'sam@acme.example', ${NOW})
          on conflict do nothing
    `);
    context = { db, clock, secrets, actor: { operatorId: petra.id, through: "api" } };
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  const told = (kind: string) =>
    db.query<{ recipient: string; step: string | null }>(sql`
      select recipient, data ->> 'step' as step from messages where kind = ${kind} order by created_at, recipient
    `);

  it("are told that set-up waits for them when somebody else made it, and all of them once more after a day", async () => {
    const made = await createConnection(context, {
      name: "Ganymede",
      source: "confluence-cloud",
      capabilities: null,
      settings: {},
      owners: ["petra@acme.example", "olga@acme.example"],
      sites: [],
      from: null,
    });
    assert.ok(made.ok);
    const atOnce = await told("connection-waits");
    await watchConnections(context);
    clock.moveBy(DAY_MS);
    await watchConnections(context);
    clock.moveBy(DAY_MS);
    await watchConnections(context);

    assert.deepEqual(atOnce, [{ recipient: "olga@acme.example", step: "credentials" }]);
    assert.deepEqual(
      (await told("connection-waits")).map((each) => each.recipient),
      ["olga@acme.example", "olga@acme.example", "petra@acme.example"],
    );
  });

  it("are told of a credential that ends fourteen days before, and three days before", async () => {
    const expiresAt = new Date(clock.now().getTime() + 20 * DAY_MS);
    await db.query(sql`
      insert into credentials (connection_id, kind, label, expires_at, created_at, updated_at)
      values (${connectionId}, 'organization-key', 'key', ${expiresAt}, ${NOW}, ${NOW})
    `);
    const counts: number[] = [];
    for (let day = 0; day < 20; day += 1) {
      await watchConnections(context);
      counts.push((await told("credential-expires")).filter((each) => each.recipient === "sam@acme.example").length);
      clock.moveBy(DAY_MS);
    }

    assert.deepEqual([counts.indexOf(1), counts.indexOf(2), counts.at(-1)], [6, 17, 2]);
  });

  it("are told once a day of runs that fail or wait for a decision", async () => {
    const run = { id: "run_1", siteId, connectionId };
    const error = { code: "source.failed", message: "No answer." };
    const end = (state: "failed" | "held" | "succeeded") =>
      db.transaction((tx) =>
        tellRunEnd(tx, run, { state, at: clock.now(), held: null, error: state === "failed" ? error : null }),
      );
    for (const state of ["failed", "failed", "held", "succeeded"] as const) await end(state);
    clock.moveBy(DAY_MS);
    await end("failed");

    const sams = async (kind: string) =>
      (await told(kind)).filter((each) => each.recipient === "sam@acme.example").length;
    assert.deepEqual([await sams("run-failed"), await sams("run-held")], [2, 1]);
  });
});
