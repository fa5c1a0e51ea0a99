import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { type CliWorld, type Ran, ranUsher } from "./support/run-cli.ts";

let server: TestServer;
let url: string;
let token: string;
let home: string;

before(async () => {
  server = await startTestServer();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  token = await server.makeToken(["*"]);
  home = await mkdtemp(join(tmpdir(), "usher-cli-"));
});

after(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

/** One command, signed in unless the environment says otherwise. */
function usher(argv: string[], world: Partial<CliWorld> = {}): Promise<Ran> {
  const environment = { HOME: home, USHER_URL: url, USHER_TOKEN: token };
  return ranUsher(argv, { environment, clock: server.clock, ...world });
}

describe("usher", () => {
  it("shows its nouns without being asked for one, and ends well", async () => {
    const { exitCode, stdout, stderr } = await usher([]);

    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: usher <noun> <verb>/);
    assert.match(stdout, /\n {2}connection +Connections: /);
    assert.equal(stderr, "");
  });

  it("tells what a list can be filtered and sorted by", async () => {
    const { stdout } = await usher(["help", "people", "list"]);

    assert.match(stdout, /conditions on status, class, siteId/);
    assert.match(stdout, /name, lastActivityAt, spaces/);
  });

  it("asks lists that have a history for an earlier day, and no others", async () => {
    const asked = await usher(["seat", "list", "--as-of", "2020-01-01"]);
    const without = await usher(["activity", "list", "--as-of", "2020-01-01"]);

    assert.equal(asked.exitCode, 2);
    assert.match(asked.stderr, /No site is known yet/);
    assert.equal(without.exitCode, 2);
  });

  it("names what is wrong with the days that are to be compared", async () => {
    const turned = await usher(["differences", "--from", "2026-05-02", "--to", "2026-05-01"]);
    const unnamed = await usher(["differences", "--from", "2026-05-02"]);

    assert.equal(turned.exitCode, 2);
    assert.match(turned.stderr, /to/);
    assert.equal(unnamed.exitCode, 2);
  });

  it("refuses an unknown option, names what was meant, and exits with 2", async () => {
    const { exitCode, stdout, stderr } = await usher(["people", "list", "--sorted", "name"]);

    assert.equal(exitCode, 2);
    assert.equal(stdout, "");
    assert.equal(stderr, "error: Unknown option '--sorted'.\ntry: Did you mean --sort?\n");
  });

  it("refuses an unknown noun and a noun without its verb with 2", async () => {
    const unknown = await usher(["poeple"]);
    const bare = await usher(["people"]);

    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /^error: Unknown command 'poeple'.\ntry: Did you mean people\?\n$/);
    assert.equal(bare.exitCode, 2);
    assert.match(bare.stderr, /error: "usher people" needs a verb\.\ntry: usher people --help\n$/);
  });

  it("tells its version, and that there is no help on what is not there", async () => {
    const version = await usher(["--version"]);
    const nonsense = await usher(["help", "nonsense"]);

    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(nonsense.exitCode, 2);
    assert.equal(nonsense.stderr, 'error: There is no command "nonsense".\ntry: usher help\n');
  });

  it("sends whoever tries an unknown verb to the noun's own help", async () => {
    const { exitCode, stderr } = await usher(["journal", "zzz"]);

    assert.equal(exitCode, 2);
    assert.equal(stderr, "error: Unknown command 'zzz'.\ntry: usher journal --help\n");
  });

  it("completes every noun and verb in three shells", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { exitCode, stdout } = await usher(["completion", shell]);

      assert.equal(exitCode, 0);
      for (const words of [/connection sample sync run/, /list why|why access/, /--filter/])
        assert.match(stdout, words);
    }
  });
});

describe("errors", () => {
  it("exit with 4 and say how to sign in where there is no token", async () => {
    const { exitCode, stderr } = await usher(["status"], { environment: { HOME: home, USHER_URL: url } });

    assert.equal(exitCode, 4);
    assert.equal(
      stderr,
      `error: Not signed in to ${url}.\n` +
        `why: USHER_TOKEN is not set, and ${home}/.config/usher/credentials.json holds no token for it.\n` +
        "try: usher login\n",
    );
  });

  it("exit with 4 where the token is refused, and quote the request", async () => {
    const { exitCode, stderr } = await usher(["status"], {
      environment: { HOME: home, USHER_URL: url, USHER_TOKEN: "usher_wrong" },
    });

    assert.equal(exitCode, 4);
    assert.match(stderr, /\ntry: usher login\nrequest: req_[\w-]+\n$/);
  });

  it("exit with 5 for what is not there", async () => {
    const { exitCode, stderr } = await usher(["run", "get", "run_000000000000"]);

    assert.equal(exitCode, 5);
    assert.match(stderr, /^error: There is no such run\.\nrequest: req_[\w-]+\n$/);
  });

  it("exit with 2 and name the field where the server does not understand", async () => {
    const { exitCode, stderr } = await usher(["people", "list", "--filter", "status=asleep"]);

    assert.equal(exitCode, 2);
    assert.match(stderr, /\nwhy: query\.status\.0 .*expected/);
  });

  it("exit with 6 for what the present state does not allow", async () => {
    const owner = ["--owner", "petra@acme.example"];
    const made = await usher(["connection", "create", "--name", "Never checked", "-o", "json", ...owner]);
    const { id } = JSON.parse(made.stdout) as { id: string };

    const { exitCode, stderr } = await usher(["connection", "publish", id]);

    assert.equal(exitCode, 6);
    assert.match(stderr, /^error: The connection is a draft\./);
  });

  it("say that nothing answers where no server is", async () => {
    const { exitCode, stderr } = await usher(["status"], {
      environment: { HOME: home, USHER_URL: "http://127.0.0.1:9", USHER_TOKEN: token },
    });

    assert.equal(exitCode, 1);
    assert.match(stderr, /^error: No answer from http:\/\/127\.0\.0\.1:9: .*\ntry: start it with `usher serve`/);
  });
});

describe("output", () => {
  it("is tab-separated with ISO times into a pipe, and a table with relative ones at a terminal", async () => {
    await usher(["connection", "create", "--name", "Acme", "--owner", "petra@acme.example"]);

    const piped = await usher(["connection", "list", "--filter", "q=Acme"]);
    const shown = await usher(["connection", "list", "--filter", "q=Acme"], { isTty: true });

    assert.match(piped.stdout, /^connection_\w+\tAcme\tdraft\t\tnot-connected\t\t\t\t0\t\t\tpetra@acme\.example\n$/);
    assert.equal(piped.stderr, "");
    assert.match(shown.stdout, /^ID +Name +State +Sites /);
    assert.match(shown.stdout, /\nconnection_\w+ +Acme +draft +— /);
    assert.match(shown.stderr, /1 row/);
  });

  it("is the API's own shape as JSON, one row a line as JSON lines, and its fields as CSV", async () => {
    const asJson = await usher(["token", "list", "-o", "json"]);
    const asLines = await usher(["token", "list", "-o", "jsonl"]);
    const asCsv = await usher(["token", "list", "-o", "csv"]);

    const page = JSON.parse(asJson.stdout) as { items: object[]; next: null; total: number; dataAsOf: null };
    assert.deepEqual(Object.keys(page), ["items", "next", "total", "dataAsOf"]);
    assert.deepEqual(JSON.parse(asLines.stdout.split("\n")[0] ?? ""), page.items[0]);
    assert.match(asCsv.stdout, /^id,operatorId,operatorName,name,scopes,/);
  });

  it("is one JSON text, or CSV, for the parts of a thing as well", async () => {
    await usher(["connection", "create", "--name", "Parts", "--owner", "petra@acme.example"]);
    const add = ["connection", "credential", "add", "Parts", "--kind", "api-token", "--email", "petra@acme.example"];
    await usher([...add, "--secret-stdin"], { stdin: "a-token-of-petra" });

    const asJson = await usher(["connection", "credential", "list", "Parts", "-o", "json"]);
    const asCsv = await usher(["connection", "credential", "list", "Parts", "-o", "csv"]);

    const { items } = JSON.parse(asJson.stdout) as { items: { kind: string }[] };
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ["api-token"],
    );
    assert.match(asCsv.stdout, /^id,connectionId,kind,label,.*\ncredential_\w+,connection_\w+,api-token,/);
    assert.doesNotMatch(asJson.stdout + asCsv.stdout, /a-token-of-petra/);
  });

  it("reads on over pages with --all, and stops at --limit", async () => {
    for (let made = 0; made < 205; made += 1) await server.makeToken(["runs:read"]);

    const all = await usher(["token", "list", "--all"]);
    const some = await usher(["token", "list", "--limit", "203"]);

    const ids = all.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t")[0]);
    assert.ok(ids.length > 205);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(some.stdout, `${all.stdout.split("\n").slice(0, 203).join("\n")}\n`);
    assert.equal(all.stderr + some.stderr, "");
  });

  it("says that a list goes on where a pipe would take the first rows for all of them", async () => {
    for (let made = 0; made < 51; made += 1) await server.makeToken(["runs:read"]);

    const { stdout, stderr } = await usher(["token", "list", "-o", "csv"]);

    assert.equal(stdout.trimEnd().split("\n").length, 51);
    assert.match(stderr, /^! The first 50 of [\d,]+ rows; --all gives every one\.\n$/);
  });
});

describe("secrets", () => {
  it("are kept by login where only this user can read them, after the server took them", async () => {
    const file = join(home, "token.txt");
    await writeFile(file, `${token}\n`);
    const environment = { HOME: home };

    const { exitCode, stderr } = await usher(["login", url, "--secret-file", file], { environment });
    const signedIn = await usher(["whoami"], { environment });

    const kept = join(home, ".config", "usher", "credentials.json");
    assert.equal(exitCode, 0);
    assert.match(stderr, /Next: usher status\n$/);
    assert.equal((await stat(kept)).mode & 0o777, 0o600);
    assert.match(await readFile(kept, "utf8"), new RegExp(token));
    assert.match(signedIn.stdout, /^Operator\ttest\n/);
  });

  it("are never kept when the server refuses them", async () => {
    const environment = { HOME: join(home, "nobody") };

    const { exitCode } = await usher(["login", url, "--secret-stdin"], { environment, stdin: "usher_wrong\n" });

    assert.equal(exitCode, 4);
    await assert.rejects(stat(join(home, "nobody")));
  });

  it("are asked for nowhere but at a terminal", async () => {
    const { exitCode, stderr } = await usher(["login", url]);

    assert.equal(exitCode, 2);
    assert.match(stderr, /\ntry: Add --secret-file <file> or --secret-stdin\.\n$/);
  });
});

describe("writing", () => {
  it("ends with what to do next", async () => {
    const { stdout, stderr } = await usher(["token", "create", "--name", "for a script", "--scope", "inventory:read"]);

    assert.match(stdout, /^Token\tusher_/);
    assert.match(stderr, /Next: keep the token now: it is never shown again\n$/);
  });

  it("that others would miss needs a yes, which only a terminal or --yes can give", async () => {
    const made = await usher(["token", "create", "--name", "short-lived", "--scope", "runs:read", "-o", "json"]);
    const { id } = JSON.parse(made.stdout) as { id: string };

    const unasked = await usher(["token", "revoke", id]);
    const agreed = await usher(["token", "revoke", id, "--yes"]);

    assert.equal(unasked.exitCode, 2);
    assert.match(unasked.stderr, /^error: This needs a yes: Revoke "short-lived"/);
    assert.equal(agreed.exitCode, 0);
    assert.match(agreed.stderr, /Revoked "short-lived"\.\nNext: usher token list\n$/);
  });
});
