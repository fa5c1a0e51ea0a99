import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createSecretBox } from "../../lib/secret-box.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { secretPlace } from "../../store/credentials.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture } from "../../store/testing/facts.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { checkKeys } from "./check-keys.ts";
import { forgetCredentials } from "./forget-credentials.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const boxWith = (id: string) => createSecretBox([{ id, key: randomBytes(32) }]);

describe("the keys of an installation", () => {
  let test: TestDatabase;
  let db: Database;
  const clock = manualClock(NOW);
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  it("are those of the first credential, even where no check was kept yet; others are told apart", async () => {
    const { connectionId } = await siteFixture(db);
    const [own, other] = [boxWith("own"), boxWith("other")];
    const [row] = await db.transaction((tx) =>
      tx.query<{ id: string }>(sql`
        insert into credentials (connection_id, kind, label, created_at, updated_at)
        values (${connectionId}, 'api-token', 'Petra', ${NOW}, ${NOW})
        returning id
      `),
    );
    const sealed = own.seal(secretPlace(row!.id, "secret"), "a token");
    await db.transaction((tx) => tx.execute(sql`update credentials set secret = ${sealed}`));

    const strange = await checkKeys({ db, clock, secrets: other });
    const right = await checkKeys({ db, clock, secrets: own });
    const later = await checkKeys({ db, clock, secrets: other });

    assert.deepEqual([strange.ok, right.ok, later.ok], [false, true, false]);
  });

  it("that are lost are replaced when somebody says so; each credential then asks to be entered again", async () => {
    const fresh = boxWith("fresh");
    const actor = { operatorId: "system", through: "setup" } as const;

    const forgotten = await forgetCredentials({ db, clock, secrets: fresh, actor });

    assert.equal((await checkKeys({ db, clock, secrets: fresh })).ok, true);
    const credentials = await db.query(sql`select id, state, secret from credentials`);
    assert.deepEqual(credentials, [{ id: forgotten[0], state: "needs-reauthorization", secret: null }]);
    const [entry] = await db.query(sql`select entry, detail from journal_entries order by seq desc limit 1`);
    assert.deepEqual(entry, { entry: "credentials.forgotten", detail: { credentialIds: forgotten } });
  });
});
