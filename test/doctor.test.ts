import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { systemClock } from "../src/lib/clock.ts";
import { readKeyFile } from "../src/lib/key-file.ts";
import { saveProcessSeen } from "../src/store/processes.ts";
import { rawSql } from "../src/store/sql.ts";
import { testDatabase, type TestDatabase } from "../src/store/testing/database.ts";
import { ranUsher } from "./support/run-cli.ts";
import { databaseUrlOf } from "./support/worker-process.ts";

interface Check {
  name: string;
  verdict: string;
  says: string;
  fix: string | null;
}

describe("usher doctor", () => {
  let server: TestServer;
  let folder: string;
  let test: TestDatabase;
  let environment: Record<string, string>;
  before(async () => {
    // Its clock is asked beside the database's.
    server = await startTestServer({ clock: systemClock });
    server.clock.moveTo(new Date());
    folder = await mkdtemp(join(tmpdir(), "usher-doctor-"));
    test = await testDatabase();
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = {
      HOME: folder,
      USHER_DATA: folder,
      USHER_URL: url,
      USHER_TOKEN: await server.makeToken(["*"]),
    };
    await readKeyFile(join(folder, "keys.json"));
    await server.db.transaction((tx) =>
      saveProcessSeen(tx, { holder: "test", kind: "server", version: "1", startedAt: new Date() }),
    );
  });
  after(async () => {
    await server.close();
    await test.drop();
    await rm(folder, { recursive: true });
  });

  async function doctor(more: Record<string, string> = {}) {
    const { exitCode, stdout } = await ranUsher(["doctor", "-o", "json"], {
      environment: { ...environment, ...more },
      clock: systemClock,
    });
    const { items } = JSON.parse(stdout) as { items: Check[] };
    return { exitCode, items, of: (name: string) => items.filter((each) => each.name === name) };
  }

  it("looks at this machine and asks the server, and ends by the worst of what it finds", async () => {
    const { exitCode, items, of } = await doctor();

    assert.deepEqual(
      items.filter((each) => each.verdict !== "ok").map((each) => each.name),
      ["backup"],
    );
    assert.equal(exitCode, 3);
    assert.deepEqual(
      ["node", "data", "keys", "server", "database", "journal"].flatMap((name) => of(name).map((each) => each.verdict)),
      Array.from({ length: 6 }, () => "ok"),
    );
  });

  it("says what to do about a key file that others may read", async () => {
    await chmod(join(folder, "keys.json"), 0o644);

    const { exitCode, of } = await doctor();

    await chmod(join(folder, "keys.json"), 0o600);
    assert.equal(exitCode, 1);
    assert.match(`${of("keys")[0]?.says} ${of("keys")[0]?.fix}`, /can be read by others.*chmod 600/);
  });

  it("looks at what it can when the server is down: the machine, and a database of one's own", async () => {
    const down = { USHER_URL: "http://127.0.0.1:9" };

    const embedded = await doctor(down);
    const external = await doctor({ ...down, DATABASE_URL: databaseUrlOf(test.connection) });
    const nowhere = await doctor({ ...down, DATABASE_URL: "postgres://usher@127.0.0.1:9/usher" });

    assert.deepEqual([embedded.exitCode, external.exitCode, nowhere.exitCode], [1, 1, 1]);
    assert.equal(embedded.of("server")[0]?.verdict, "bad");
    assert.equal(embedded.of("database")[0]?.verdict, "warn");
    assert.match(external.of("database")[0]?.says ?? "", /^PostgreSQL 1\d/);
    assert.match(external.of("processes")[0]?.says ?? "", /No process executes/);
    assert.equal(nowhere.of("database")[0]?.verdict, "bad");
  });

  it("finds a journal that somebody changed by hand", async () => {
    const { makeToken, db } = server;
    await makeToken(["*"]);
    await db.query(rawSql("update journal_head set seq = seq + 1"));

    const { exitCode, of } = await doctor();

    assert.equal(exitCode, 1);
    assert.match(of("journal")[0]?.says ?? "", /broken at entry/);
  });

  it("shows people a line a check, and what to do below it", async () => {
    const { stdout } = await ranUsher(["doctor"], { environment, clock: systemClock, isTty: true });

    assert.match(stdout, /^✓ node +Node /);
    assert.match(stdout, /! backup +No backup .*\n +`usher backup create <file>`/);
  });
});
