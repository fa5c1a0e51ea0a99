import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { MatchRule, Transform } from "../../model/matching.ts";
import { keyOf, matchAccounts, type MatchOutcome, type MatchSubject, type MatchTarget } from "../../rules/matching.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { listJournal } from "../../store/journal.ts";
import { keySql, matchesSql } from "../../store/matching/evaluate.ts";
import { listMatchHistory } from "../../store/matching/matches.ts";
import { previewMatches } from "../../store/matching/preview.ts";
import { listMatchRules } from "../../store/matching/rules.ts";
import { settleMatches } from "../../store/matching/settle.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { type TestDatabase, testDatabase } from "../../store/testing/database.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import type { Context } from "../context.ts";
import { changeMatchRule, createMatchRule, orderMatchRules, removeMatchRule } from "./change-match-rules.ts";
import { matchAccount } from "./match-account.ts";

describe("who is behind an account", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  let ctx: Context;
  const clock = manualClock(OBSERVED_AT);
  beforeEach(async () => {
    clock.moveTo(OBSERVED_AT);
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    acme = await siteFixture(db);
    ctx = { db, clock, secrets: null as never, actor: { operatorId: "operator_1", through: "api" } };
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const settle = () => db.transaction(async (tx) => settleMatches(tx, await listMatchRules(tx), clock.now()));
  async function situations(): Promise<Record<string, string>> {
    const rows = await db.query<{ account: string; told: string }>(sql`
      select a.source_id as account,
             concat_ws(' ', m.situation, case when a.person_id = m.person_id then v.display_name
                                              when a.own_person_id is null then 'itself' end) as told
        from accounts a
        join account_matches m on m.site_id = a.site_id and m.account_id = a.id and m.valid_to is null
        left join person_versions v on v.person_id = m.person_id and v.valid_to is null
       order by a.source_id, a.id
    `);
    return Object.fromEntries(rows.map(({ account, told }) => [account, told]));
  }

  it("follows the people that an import told of, and goes back when they are no longer found", async () => {
    await acme.account("ann", { email: "ann@acme.example" });
    await acme.account("bob", { email: "bob@acme.example" });
    await acme.account("bot", { type: "app" });
    const own = await personOf(db, "ann");
    const ann = await insertPerson(db, { name: "Ann", emails: ["ANN@acme.example"] });

    const settled = await settle();

    assert.equal(settled.moved, 1);
    assert.deepEqual(await situations(), { ann: "matched Ann", bob: "unmatched itself", bot: "ignored itself" });
    assert.deepEqual(await db.query(sql`select moved_to as to from people where id = ${own}`), [{ to: ann }]);

    clock.moveTo(new Date(OBSERVED_AT.getTime() + 1000));
    await db.transaction((tx) => tx.execute(sql`update person_versions set emails = '{}'`));
    await settle();

    assert.deepEqual((await situations())["ann"], "unmatched itself");
    assert.equal(await personOf(db, "ann"), own);
    assert.deepEqual(await db.query(sql`select moved_to as to from people where id = ${own}`), [{ to: null }]);
    assert.deepEqual(await settle(), { changed: 0, moved: 0 });
  });

  it("keeps a decision against every rule until it is cleared, and who was matched when", async () => {
    const accountId = await acme.account("ann", { email: "ann@acme.example" });
    const ann = await insertPerson(db, { name: "Ann", emails: ["ann@acme.example"] });
    const eve = await insertPerson(db, { name: "Eve", emails: [] });
    await settle();
    const step = () => clock.moveTo(new Date(clock.now().getTime() + 1000));

    step();
    await matchAccount(ctx, accountId, { decision: "set", personId: eve, reason: "She has it since May" });
    assert.deepEqual(await situations(), { ann: "matched Eve" });
    step();
    await matchAccount(ctx, accountId, { decision: "ignore", reason: "A shared account" });
    assert.deepEqual(await situations(), { ann: "ignored itself" });
    await settle();
    assert.deepEqual(await situations(), { ann: "ignored itself" });
    step();
    const cleared = await matchAccount(ctx, accountId, { decision: "clear" });

    assert.equal(cleared.ok && cleared.value.personId, ann);
    assert.deepEqual(await matchAccount(ctx, accountId, { decision: "clear" }), {
      ok: false,
      error: "nothing-to-clear",
    });
    const history = await listMatchHistory(db, accountId);
    assert.deepEqual(
      history.map(({ situation, method, personId, by, reason }) => [situation, method, personId, by, reason]),
      [
        ["matched", "rule", ann, "system", null],
        ["ignored", "manual", null, "operator_1", "A shared account"],
        ["matched", "manual", eve, "operator_1", "She has it since May"],
        ["matched", "rule", ann, "system", null],
      ],
    );
    const page = { before: null, after: null, limit: 5, entry: "account.match-set", subjectId: accountId };
    const [entry] = await listJournal(db, page);
    assert.deepEqual(entry?.detail, { siteId: acme.siteId, accountIds: [accountId], from: ann, to: eve });
    assert.deepEqual(entry?.personal, { reason: "She has it since May" });
  });

  it("decides for every account of one identity, on all sites", async () => {
    const other = await siteFixture(db, { name: "other" });
    const here = await acme.account("ann", {});
    await other.account("ann", {});
    const eve = await insertPerson(db, { name: "Eve", emails: [] });

    await matchAccount(ctx, here, { decision: "set", personId: eve, reason: null });

    const rows = await db.query<{ personId: string }>(sql`select person_id as "personId" from accounts`);
    assert.deepEqual(rows, [{ personId: eve }, { personId: eve }]);
  });

  it("takes two accounts for one person by hand, and the id of the former one leads on", async () => {
    const first = await acme.account("ann", {});
    await acme.account("ann-admin", {});
    const [one, two] = [await personOf(db, "ann"), await personOf(db, "ann-admin")];

    await matchAccount(ctx, first, { decision: "set", personId: two, reason: null });

    assert.equal(await personOf(db, "ann"), two);
    assert.deepEqual(
      await matchAccount(ctx, first, { decision: "set", personId: "person_000000000000", reason: null }),
      {
        ok: false,
        error: "no-such-person",
      },
    );
    assert.deepEqual(await db.query(sql`select moved_to as to from people where id = ${one}`), [{ to: two }]);
  });

  it("previews rules with counts and a list before they are saved, then does just that", async () => {
    await acme.account("ann", { email: "ann@old.example" });
    await acme.account("bob", { email: "bob@acme.example" });
    const ann = await insertPerson(db, { name: "Ann", emails: ["ann@acme.example"] });
    await insertPerson(db, { name: "Bob", emails: ["bob@acme.example"] });
    await settle();
    const rule: Omit<MatchRule, "id"> = {
      ...(await listMatchRules(db))[0]!,
      name: "Former domain",
      accountTransforms: [{ kind: "replace-domain", from: "old.example", to: "acme.example" }],
    };
    const saved = await listMatchRules(db);

    const preview = await previewMatches(db, [...saved, { ...rule, id: "new-1" }], 10);

    assert.deepEqual(preview.now, { matched: 1, unmatched: 1, ambiguous: 0, conflicting: 0, ignored: 0 });
    assert.deepEqual(preview.next, { matched: 2, unmatched: 0, ambiguous: 0, conflicting: 0, ignored: 0 });
    assert.equal(preview.moved, 1);
    assert.deepEqual(
      preview.changes.map(({ name, from, to, toPersonId, ruleId }) => ({ name, from, to, toPersonId, ruleId })),
      [{ name: "ann", from: "unmatched", to: "matched", toPersonId: ann, ruleId: "new-1" }],
    );
    assert.deepEqual(await situations(), { ann: "unmatched itself", bob: "matched Bob" });

    const made = await createMatchRule(ctx, rule, 1);

    assert.deepEqual(await situations(), { ann: "matched Ann", bob: "matched Bob" });
    assert.equal(made.ok && (await listMatchRules(db))[0]?.id, made.ok ? made.value : null);
  });

  it("matches anew when rules change, change places or go", async () => {
    await acme.account("ann", { email: "ann@acme.example" });
    await insertPerson(db, { name: "Ann", emails: ["ann@acme.example"] });
    const ids = (await listMatchRules(db)).map(({ id }) => id);
    await settle();

    assert.equal((await changeMatchRule(ctx, ids[0]!, { isEnabled: false })).ok, true);
    assert.deepEqual(await situations(), { ann: "unmatched itself" });
    await changeMatchRule(ctx, ids[0]!, { isEnabled: true });
    await orderMatchRules(ctx, ids.toReversed());
    assert.deepEqual(
      (await listMatchRules(db)).map(({ id }) => id),
      ids.toReversed(),
    );
    await removeMatchRule(ctx, ids[0]!);

    assert.deepEqual(await situations(), { ann: "unmatched itself" });
    assert.deepEqual(await orderMatchRules(ctx, ids), { ok: false, error: "not-every-rule" });
    const exactName = await changeMatchRule(ctx, ids[2]!, { confidence: "exact" });
    assert.equal(!exactName.ok && exactName.error.code, "rule-not-right");
  });
});

describe("matching in SQL", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  const word = fc.constantFrom(
    "ann",
    "Ann",
    "ann@acme.example",
    " ann@ACME.example",
    "bob@old.example",
    "bob",
    "é",
    "É@x",
    "",
  );
  const pattern = fc.constantFrom(
    ["([a-z]+)@(.+)", "$2-$1"],
    ["(a?)(.*)", "$2$1"],
    [".[^@]{1,2}@?.*", "x\\$$"],
    ["\\.", ""],
  ) as fc.Arbitrary<[string, string]>;
  const transform: fc.Arbitrary<Transform> = fc.oneof(
    fc.constantFrom<Transform>(
      { kind: "lowercase" },
      { kind: "trim" },
      { kind: "strip-domain" },
      { kind: "replace-domain", from: "old.example", to: "acme.example" },
      { kind: "replace-domain", from: null, to: "x" },
      { kind: "alias", aliases: { bob: "ann", "": "ann" } },
    ),
    pattern.map(([text, replacement]): Transform => ({ kind: "replace", pattern: text, with: replacement })),
  );
  const transforms = fc.array(transform, { maxLength: 3 });

  it("makes the same keys as the rule, for any text and transforms", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(word, transforms), { minLength: 5, maxLength: 10 }), async (cases) => {
        for (const [text, steps] of cases) {
          const [row] = await db.query<{ key: string | null }>(
            sql`select nullif(${keySql(sql`${text}`, steps)}, '') as key`,
          );
          assert.equal(row?.key, keyOf(text, steps), JSON.stringify([text, steps]));
        }
      }),
      { numRuns: 40, seed: 1121 },
    ));

  const rule: fc.Arbitrary<Omit<MatchRule, "id">> = fc.record({
    name: fc.constant("rule"),
    source: fc.constantFrom(null, "confluence-cloud", "confluence-data-center"),
    accountField: fc.constantFrom("email", "username", "displayName", "accountId", "attribute:badge"),
    accountTransforms: transforms,
    personField: fc.constantFrom("email", "externalId", "userName", "displayName", "attribute:badge"),
    personTransforms: transforms,
    confidence: fc.constantFrom("exact", "likely"),
    isEnabled: fc.boolean(),
  });
  const account = fc.record({
    site: fc.constantFrom(0, 1),
    email: fc.option(word),
    username: fc.option(word.filter(Boolean)),
    badge: fc.option(word.filter(Boolean)),
    type: fc.constantFrom("atlassian", "app"),
    status: fc.constantFrom("active", "inactive"),
    decision: fc.option(fc.constantFrom<number | null>(null, 0, 1), { freq: 6, nil: undefined }),
  });
  const target = fc.record({
    emails: fc.array(word, { maxLength: 2 }),
    userName: fc.option(word),
    externalId: fc.option(word),
    badge: fc.option(word),
    displayName: word,
  });

  it("finds the same people as the rule, for any accounts, people and rules", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(account, { minLength: 8, maxLength: 12 }),
        fc.array(target, { minLength: 2, maxLength: 4 }),
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        async (accounts, targets, rules) => {
          const named = rules.map((each, index): MatchRule => ({ ...each, id: `rule-${index}` }));
          const { subjects, people } = await fill(db, accounts, targets);

          const rows = await db.query<MatchOutcome & { accountId: string }>(sql`
            select account_id as "accountId", situation, method, rule_id as "ruleId", confidence, person_id as "personId",
                   candidates
              from (${matchesSql(named)}) matches
          `);

          const bySql = new Map(rows.map((row) => [row.accountId, row]));
          const expected = matchAccounts(named, subjects, people);
          for (const [accountId, outcome] of expected) {
            assert.deepEqual(bySql.get(accountId), { accountId, ...outcome });
          }
          assert.equal(rows.length, expected.size);
        },
      ),
      { numRuns: 25, seed: 1121 },
    ));

  interface AccountCase {
    site: number;
    email: string | null;
    username: string | null;
    badge: string | null;
    type: string;
    status: string;
    decision: number | null | undefined;
  }

  /** Two sites, one of each source, with nothing of an earlier round. */
  async function fill(database: Database, accounts: AccountCase[], targets: PersonCase[]) {
    const sources = ["confluence-cloud", "confluence-data-center"] as const;
    return database.transaction(async (tx) => {
      // Not by truncating: what hangs on sites is in part append-only.
      for (const table of ["account_attributes", "account_matches", "account_versions", "accounts"]) {
        await tx.execute(sql`delete from ${rawSql(table)}`);
      }
      await tx.execute(sql`delete from person_versions`);
      await tx.execute(sql`delete from people`);
      await tx.execute(sql`delete from sites`);
      for (const source of sources) {
        await tx.execute(sql`
          insert into sites (id, source, source_key, base_url, name, created_at)
          values (${source}, ${source}, ${source}, ${source}, ${source}, ${OBSERVED_AT})
        `);
      }
      const people: MatchTarget[] = [];
      for (const [index, { badge, ...each }] of targets.entries()) {
        const attributes: Record<string, string> = badge === null ? {} : { badge };
        people.push({ ...each, attributes, personId: `person-${index}` });
        await insertVersion(tx, `person-${index}`, { ...each, attributes });
      }
      const subjects: MatchSubject[] = [];
      for (const [index, each] of accounts.entries()) {
        const siteId = sources[each.site] ?? sources[0];
        // Every third account is the same identity as the one before it.
        const ownPersonId = `own-${index % 3 === 2 ? index - 1 : index}`;
        await tx.execute(
          sql`insert into people (id, first_seen_at) values (${ownPersonId}, ${OBSERVED_AT}) on conflict do nothing`,
        );
        await tx.execute(sql`
          insert into accounts (site_id, id, source_id, person_id, first_seen_at)
          values (${siteId}, ${`account-${index}`}, ${`source-${index}`}, ${ownPersonId}, ${OBSERVED_AT})
        `);
        await tx.execute(sql`
          insert into account_versions (site_id, account_id, valid_from, account_type, status, is_guest, display_name, email,
                                        origins, sort_key)
          values (${siteId}, ${`account-${index}`}, ${OBSERVED_AT}, ${each.type}, ${each.status}, false, 'ann', ${each.email},
                  '{}', '')
        `);
        const attributes = { username: each.username, badge: each.badge };
        for (const [name, value] of Object.entries(attributes)) {
          if (value === null) continue;
          await tx.execute(sql`
            insert into account_attributes (site_id, account_id, name, value, valid_from)
            values (${siteId}, ${`account-${index}`}, ${name}, ${value}, ${OBSERVED_AT})
          `);
        }
        const isDecided = each.decision !== undefined && index % 3 !== 2;
        const personId = isDecided && each.decision !== null ? `person-${each.decision}` : null;
        if (isDecided) {
          await tx.execute(sql`
            insert into account_matches (site_id, account_id, valid_from, situation, method, person_id, candidates, decided_by)
            values (${siteId}, ${`account-${index}`}, ${OBSERVED_AT}, ${personId ? "matched" : "ignored"}, 'manual', ${personId},
                    '{}', 'operator')
          `);
        }
        subjects.push({
          accountId: `account-${index}`,
          siteId,
          source: siteId,
          ownPersonId,
          sourceId: `source-${index}`,
          email: each.email,
          username: each.username,
          displayName: "ann",
          attributes: each.badge === null ? {} : { badge: each.badge },
          isNobodys: each.type === "app",
          isClosed: each.status === "inactive",
          decision: isDecided ? { personId } : null,
        });
      }
      return { subjects, people };
    });
  }
});

interface PersonCase {
  emails: string[];
  userName: string | null;
  externalId: string | null;
  badge: string | null;
  displayName: string;
}

async function insertPerson(db: Database, { name, emails }: { name: string; emails: string[] }): Promise<string> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string }>(sql`select new_id('person') as id`);
    const id = row?.id ?? "";
    await insertVersion(tx, id, { displayName: name, emails, userName: null, externalId: null, attributes: {} });
    return id;
  });
}

async function insertVersion(
  tx: Parameters<Parameters<Database["transaction"]>[0]>[0],
  id: string,
  { displayName, emails, userName, externalId, attributes }: Omit<MatchTarget, "personId">,
): Promise<void> {
  await tx.execute(sql`insert into people (id, first_seen_at) values (${id}, ${OBSERVED_AT})`);
  await tx.execute(sql`
    insert into person_versions (person_id, valid_from, external_id, emails, user_name, display_name, status, attributes, sort_key)
    values (${id}, ${OBSERVED_AT}, ${externalId}, ${emails}, ${userName}, ${displayName}, 'active',
            ${JSON.stringify(attributes)}, ${displayName})
  `);
}

async function personOf(db: Database, sourceId: string): Promise<string> {
  const [row] = await db.query<{ id: string }>(sql`select person_id as id from accounts where source_id = ${sourceId}`);
  return row?.id ?? "";
}
