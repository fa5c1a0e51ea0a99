import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../src/store/testing/facts.ts";
import { afterRun } from "../src/sync/after-run.ts";
import { ranUsher } from "./support/run-cli.ts";

let server: TestServer;
let acme: SiteFixture;
let environment: Record<string, string>;
let folder: string;

before(async () => {
  server = await startTestServer();
  server.clock.moveTo(OBSERVED_AT);
  acme = await siteFixture(server.db);
  await acme.account("ann", { email: "ann@acme.example" });
  await acme.account("bob", { email: "bob@old.example" });
  await acme.group("users", { gives: "user", members: ["ann", "bob"] });
  const { siteId, connectionId, settings } = acme;
  const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
  await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
  folder = await mkdtemp(join(tmpdir(), "usher-people-"));
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function usher(...argv: string[]) {
  server.clock.moveTo(new Date(server.clock.now().getTime() + 1000));
  return ranUsher(argv, { environment, clock: server.clock });
}

async function fileOf(name: string, ...lines: string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

describe("usher people import", () => {
  it("previews a file, holds it while rows are wrong, and applies it when told so", async () => {
    const heading = "Employee ID,Work e-mail,Name,Team";
    const people = await fileOf(
      "people.csv",
      heading,
      "1,ann@acme.example,Ann,Docs",
      "2,bob@acme.example,Bob,Docs",
      "3,zoe,Zoe,",
    );

    const preview = await usher("people", "import", people, "--map", "Team=department");
    const held = await usher("people", "import", people, "--map", "Team=department", "--apply");
    const applied = await usher("people", "import", people, "--map", "Team=department", "--apply", "--accept-errors");
    const listed = await usher("people", "list", "--filter", "department=Docs");

    assert.equal(preview.exitCode, 7, preview.stderr);
    assert.match(preview.stdout, /^rows\t3\nnew\t2\n/);
    assert.match(
      preview.stderr,
      /^row 4: Work e-mail "zoe" is not an e-mail address; expected name@example\.com\n✓ Previewed as import_\w+\. Nothing was changed\.\nNext: correct 1 row, or go on without: --apply --accept-errors\n$/,
    );
    assert.equal(held.exitCode, 7);
    assert.equal(applied.exitCode, 0, applied.stderr);
    assert.match(applied.stdout, /accounts that went to another person\t1/);
    assert.match(listed.stdout, /^Ann\tann@acme.example\t/);
    const imports = await usher("people", "imports");
    assert.match(imports.stdout, /^people\tapplied\tpeople\.csv\t3\t1\t/m);
  });

  it("says which column nobody knows, and which file is none", async () => {
    const wrong = await usher("people", "import", await fileOf("x.csv", "a,b", "1,2"));
    const missing = await usher("people", "import", join(folder, "nothing.csv"));

    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /row 1 has no column for externalId or email; expected one, or a mapping/);
    assert.equal(missing.exitCode, 2);
    assert.match(missing.stderr, /^error: The file .*nothing\.csv cannot be read\./);
  });
});

describe("usher people match", () => {
  it("previews a rule, adds it, and takes it away", async () => {
    const transform = '{"kind":"replace-domain","from":"old.example","to":"acme.example"}';
    const rule = ["Former domain", "--account", "email", "--person", "email", "--confidence", "exact"];
    const asked = [...rule, "--account-transform", "lowercase", transform, "--position", "1"];

    const preview = await usher("people", "match", "add", ...asked, "--preview");
    const added = await usher("people", "match", "add", ...asked);
    const matched = await usher("people", "match", "list", "--filter", "situation=matched");
    const ruleId = /rule_\w+/.exec(added.stderr)?.[0] ?? "";
    const unasked = await usher("people", "match", "remove", ruleId);
    const removed = await usher("people", "match", "remove", ruleId, "--yes");

    assert.match(preview.stdout, /^acme\tbob\tunmatched\tmatched\tperson_\w+\t/);
    assert.match(preview.stderr, /1 accounts would go to another person\. Nothing was changed\./);
    assert.match(added.stdout, /^1\tFormer domain\temail \| lowercase \| replace-domain\temail\texact\t/);
    assert.deepEqual(
      matched.stdout.split("\n").map((line) => line.split("\t")[1]),
      ["ann", "bob", undefined],
    );
    assert.match(unasked.stderr, /It decides 2 accounts now/);
    assert.equal(removed.exitCode, 0, removed.stderr);
  });

  it("previews a file of rules as the list wrote it", async () => {
    const rules = await usher("people", "match", "rules", "-o", "json");
    const path = await fileOf("rules.json", rules.stdout);

    const preview = await usher("people", "match", "preview", path, "-o", "json");

    const { now, next, moved } = JSON.parse(preview.stdout) as Record<string, unknown>;
    assert.deepEqual([now, moved], [next, 0]);
  });

  it("sets, ignores and clears by hand, and tells who was matched when", async () => {
    const set = await usher("people", "match", "set", "bob@old.example", "bob@acme.example", "--reason", "He moved");
    const ignored = await usher("people", "match", "ignore", "bob@old.example", "--reason", "A shared account");
    const cleared = await usher("people", "match", "clear", "bob@old.example");
    const history = await usher("people", "match", "history", "bob@old.example");

    assert.equal(set.exitCode, 0, set.stderr);
    assert.match(set.stderr, /✓ It is matched with person_/);
    assert.match(ignored.stderr, /✓ It is ignored\./);
    assert.match(cleared.stderr, /✓ It is unmatched\./);
    const situations = history.stdout.split("\n").map((line) => line.split("\t")[1]);
    assert.deepEqual(situations.slice(0, 3), ["unmatched", "ignored", "matched"]);
  });

  it("puts rules into another order and off", async () => {
    const listed = await usher("people", "match", "rules");
    const ids = [...listed.stdout.matchAll(/rule_\w+/g)].map(([id]) => id);

    const ordered = await usher("people", "match", "order", ...ids.toReversed());
    const disabled = await usher("people", "match", "disable", ids[0] ?? "");
    const refused = await usher("people", "match", "order", ids[0] ?? "");

    assert.deepEqual(
      [...ordered.stdout.matchAll(/rule_\w+/g)].map(([id]) => id),
      ids.toReversed(),
    );
    assert.match(disabled.stdout, /\tno\t0\trule_/);
    assert.equal(refused.exitCode, 2);
  });
});

describe("usher activity import and account import", () => {
  it("take files of uses and of attributes", async () => {
    const uses = await fileOf("log-ins.csv", "user,when", "ann@acme.example,2026-11-20T08:00:00Z");
    const attributes = await fileOf("names.csv", "account,username", "ann@acme.example,ann.b");

    const complete = ["--since", "2026-06-01", "--complete", "--apply"];
    const evidence = await usher("activity", "import", uses, "--site", "acme", "--kind", "authenticated", ...complete);
    const kindless = await usher("activity", "import", uses, "--site", "acme", ...complete);
    const accounts = await usher("account", "import", attributes, "--apply");
    const seats = await usher("seat", "list", "-o", "json");

    assert.equal(evidence.exitCode, 0, evidence.stderr);
    assert.match(evidence.stderr, /Next: usher seat list --filter siteId=site_\w+\n$/);
    assert.equal(kindless.exitCode, 2);
    assert.equal(accounts.exitCode, 0, accounts.stderr);
    const { items } = JSON.parse(seats.stdout) as { items: { status: string }[] };
    assert.deepEqual(items.map(({ status }) => status).sort(), ["active", "never-used"]);
  });
});
