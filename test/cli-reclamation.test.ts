import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startTestServer, TEST_NOW, type TestServer } from "../src/http/testing/server.ts";
import { seatFacts, siteWithSeatFacts } from "../src/store/testing/seat-facts.ts";
import { ranUsher } from "./support/run-cli.ts";

const ago = (days: number) => new Date(TEST_NOW.getTime() - days * 86_400_000);

describe("usher reclamation-rule", () => {
  let server: TestServer;
  let environment: Record<string, string>;
  let folder: string;

  before(async () => {
    server = await startTestServer();
    const reading = [{ kind: "viewed", knownSince: null, knownUntil: ago(0.5) } as const];
    await siteWithSeatFacts(server.db, "acme", [
      seatFacts({ viewedAt: ago(100), reading, department: "Sales" }),
      seatFacts({ viewedAt: ago(5), reading }),
      seatFacts({ contributedAt: ago(100) }),
    ]);
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    environment = { USHER_URL: url, USHER_TOKEN: await server.makeToken(["*"]) };
    folder = await mkdtemp(join(tmpdir(), "usher-reclamation-"));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const usher = (...argv: string[]) => ranUsher(["reclamation-rule", ...argv], { environment, clock: server.clock });

  it("makes a rule from conditions and settings, and tells what it says", async () => {
    const made = await usher(
      "create",
      "Idle in Sales",
      "--when",
      "idle days=90",
      "--expression",
      'person.department == "Sales"',
      "--site",
      "acme",
      "--set",
      "graceDays=14",
      "checkIn.answerDays=10",
    );
    const listed = await usher("list");

    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stdout, /^Condition\tidle days=90 and person\.department == "Sales"$/m);
    assert.match(made.stdout, /^Grace\t14 days$/m);
    assert.match(made.stdout, /^Asked\tthe holder, 10 days$/m);
    assert.match(made.stderr, /Next: usher reclamation-rule simulate reclamation_\w+/);
    assert.match(listed.stdout, /\tIdle in Sales\treport-only\t/);
  });

  it("simulates what the options say, with who and why", async () => {
    const simulated = await usher("simulate", "--when", "idle days=60");
    const lacking = await usher("simulate", "--when", "idle", "--outcome", "lacks-evidence");

    assert.equal(simulated.exitCode, 0, simulated.stderr);
    assert.match(simulated.stdout, /\tacme\twould-take\tIdle for 60 days or more\t/);
    assert.match(simulated.stderr, /1 of 3 seats would be taken\. Besides: 1 without evidence\. Nothing was changed\./);
    assert.match(simulated.stderr, /a month, with the next bill \(no billing day is known\)/);
    assert.match(lacking.stdout, /\tviewed not-observed, ?authenticated not-observed\t/);
  });

  it("takes a condition as JSON too, from the command, a file, or standard input", async () => {
    const both = JSON.stringify({ all: [{ is: "idle", days: 60 }, { not: { is: "person-left" } }] });
    const path = join(folder, "idle.json");
    await writeFile(path, both);

    const typed = await usher("create", "Typed", "--when", both);
    const read = await usher("create", "Read", "--when", `@${path}`, "--expression", 'account.class == "licensed"');
    const piped = await ranUsher(["reclamation-rule", "simulate", "--when", "@-"], {
      environment,
      clock: server.clock,
      stdin: both,
    });
    const broken = await usher("create", "Broken", "--when", "{idle}");

    assert.match(typed.stdout, /^Condition\tidle days=60 and not person-left$/m);
    assert.match(read.stdout, /^Condition\t.*idle days=60 and not person-left.* and account\.class == "licensed"$/m);
    assert.match(piped.stderr, /1 of 3 seats would be taken/);
    assert.equal(broken.exitCode, 2);
    assert.match(broken.stderr, /--when holds no condition\.\nwhy: It is JSON such as/);
  });

  it("edits, activates, pauses and deletes a rule by its name", async () => {
    await usher("create", "Leavers", "--when", "person-left");
    const early = await usher("activate", "Leavers", "--yes");
    await usher("edit", "Leavers", "--set", "decision.email=petra@acme.example");

    const active = await usher("activate", "Leavers", "--yes");
    const paused = await usher("pause", "Leavers", "--reason", "Audit");
    const gone = await usher("delete", "Leavers", "--yes");

    assert.equal(early.exitCode, 2);
    assert.match(early.stderr, /settings\.decision\.email/);
    assert.match(active.stdout, /^Status\tactive$/m);
    assert.match(paused.stdout, /^Paused\tperson: Audit$/m);
    assert.equal(gone.exitCode, 0, gone.stderr);
  });

  it("takes a rule from a file, as it shows one", async () => {
    await usher("create", "Original", "--when", "never-used grantedDays=45");
    const shown = await usher("show", "Original", "-o", "json");
    const path = join(folder, "rule.json");
    await writeFile(path, JSON.stringify({ ...JSON.parse(shown.stdout), name: "Copy" }));

    const copied = await usher("create", "--file", path);
    const twice = await usher("create", "--file", path);

    assert.match(copied.stdout, /^Condition\tnever-used grantedDays=45$/m, copied.stderr);
    assert.equal(twice.exitCode, 6);
  });

  it("says what a condition takes, and from when a back-test can be asked", async () => {
    const wrong = await usher("simulate", "--when", "idle weeks=3");
    const conditions = await usher("conditions");
    const tooEarly = await usher("backtest", "--when", "idle", "--as-of", "2026-01-01");

    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /It takes days=… kinds=…/);
    assert.match(conditions.stdout, /^idle\tdays=60, ?kinds \(optional\)\t/m);
    assert.equal(tooEarly.exitCode, 2);
    assert.match(tooEarly.stderr, /of acme not enough has been read yet/);
  });
});
