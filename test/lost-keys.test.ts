import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startUsher } from "../src/app.ts";
import { Fault } from "../src/lib/errors.ts";
import { silentLog } from "../src/lib/log.ts";
import { readSettings } from "../src/lib/settings.ts";
import { testDatabase, type TestDatabase } from "../src/store/testing/database.ts";
import { databaseUrlOf } from "./support/worker-process.ts";

describe("a key file that was lost", () => {
  let test: TestDatabase;
  let folder: string;
  before(async () => {
    test = await testDatabase();
    folder = await mkdtemp(join(tmpdir(), "usher-lost-keys-"));
  });
  after(async () => {
    await test.drop();
    await rm(folder, { recursive: true });
  });

  it("keeps Usher from starting, with words and without making another, until somebody gives it up", async () => {
    const DATABASE_URL = databaseUrlOf(test.connection);
    const start = (forgetCredentials: boolean) =>
      startUsher({
        settings: readSettings({ USHER_DATA: folder, USHER_PORT: "0", DATABASE_URL }),
        log: silentLog,
        environment: {},
        forgetCredentials,
      });
    const codeIs = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
    await (await start(false)).stop();
    await rm(join(folder, "keys.json"));

    await assert.rejects(start(false), codeIs("keys.missing"));
    await assert.rejects(start(false), codeIs("keys.missing"));
    await (await start(true)).stop();
    const afterwards = await start(false);
    await afterwards.stop();

    assert.match(afterwards.url, /^http/);
  });
});
