import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import type { Clock } from "../src/lib/clock.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import { createConnectService } from "../src/sync/connect/service.ts";
import { type CliWorld, type Ran, ranUsher } from "./support/run-cli.ts";

const PUBLIC_URL = "http://usher.example";

let simulator: Simulator;
let server: TestServer;
let url: string;
let token: string;

before(async () => {
  simulator = await startSimulator({ scale: "small", callbackUrls: [`${PUBLIC_URL}/oauth/callback`] });
  const hosts = {
    authUrl: `${simulator.url}/auth`,
    apiUrl: `${simulator.url}/api`,
    siteUrl: (name: string) => `${simulator.url}/site/${name}`,
  };
  server = await startTestServer({
    async servicesOf(parts) {
      const { service } = createConnectService({ ...parts, sources: createSources({ hosts }), publicUrl: PUBLIC_URL });
      return { connect: service };
    },
  });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  token = await server.makeToken(["*"]);
});

after(async () => {
  await server.close();
  await simulator.close();
});

function usher(argv: string[], world: Partial<CliWorld> = {}): Promise<Ran> {
  const environment = { USHER_URL: url, USHER_TOKEN: token };
  return ranUsher(argv, { environment, clock: server.clock, ...world });
}

/** Authorizes while a pretend browser opens the link that was printed and presses a button. */
function authorize(answer: "accept" | "cancel"): Promise<Ran> {
  let said = "";
  const clock: Clock = {
    now: () => server.clock.now(),
    sleep: async () => {
      const link = /(http\S+\/auth\/authorize\S+)/.exec(said)?.[1];
      said = "";
      if (link) await consent(link, answer);
    },
  };
  return usher(["connection", "authorize", "by consent"], { clock, onStderr: (text) => void (said += text) });
}

async function consent(link: string, answer: "accept" | "cancel"): Promise<void> {
  const page = await (await fetch(link)).text();
  const form = new URLSearchParams([
    ["account", "0"],
    ["answer", answer],
  ]);
  for (const [, name = "", value = ""] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    form.append(name, value);
  }
  const site = /name="site" value="([^"]+)" checked/.exec(page)?.[1];
  form.append("site", site ?? "");
  const back = await fetch(`${simulator.url}/auth/authorize`, { method: "POST", body: form, redirect: "manual" });
  const location = new URL(back.headers.get("location") ?? "");
  await server.app.inject({ method: "GET", url: location.pathname + location.search });
}

describe("usher connection", () => {
  it("goes from nothing to a checked connection with an API token", async () => {
    const owner = ["--owner", "petra@acme.example"];
    const created = await usher(["connection", "create", "--name", "By token", "--site", "acme", ...owner]);
    const added = await usher(
      [
        "connection",
        "credential",
        "add",
        "by token",
        "--kind",
        "api-token",
        "--email",
        "petra@acme.example",
        "--secret-stdin",
      ],
      { stdin: "sim-classic-token-of-petra\n" },
    );
    const checked = await usher(["connection", "check", "By token"]);

    assert.match(created.stderr, /Next: usher connection credential add connection_\w+ /);
    assert.equal(added.exitCode, 0, added.stderr);
    assert.doesNotMatch(added.stdout + added.stderr, /sim-classic-token/);
    assert.equal(checked.exitCode, 0, checked.stderr);
    assert.match(checked.stdout, /^Acme\tpassed\tUser search\troster\t/m);
    assert.match(checked.stderr, /Next: usher connection publish connection_\w+\n$/);
  });

  it("goes from nothing to a checked connection to Data Center, with a token and with a password", async () => {
    const address = `${simulator.url}/dc/wiki/confluence`;
    const create = (name: string) =>
      usher(
        ["connection", "create", "--name", name, "--source", "confluence-data-center"].concat([
          "--site",
          `${address}/pages/viewpage.action?pageId=1`,
          "--owner",
          "petra@acme.example",
        ]),
      );
    const add = (name: string, options: string[], stdin: string) =>
      usher(["connection", "credential", "add", name, ...options, "--secret-stdin"], { stdin });

    const created = await create("Wiki by token");
    await create("Wiki by password");
    const cloudToken = ["--kind", "api-token", "--email", "petra@acme.example"];
    const wrong = await add("Wiki by token", cloudToken, "sim-classic-token-of-petra");
    const byToken = await add("Wiki by token", ["--kind", "personal-access-token"], "sim-pat-of-petra\n");
    const basic = ["--kind", "basic", "--username", "petra"];
    const byPassword = await add("Wiki by password", basic, "sim-password-of-petra\n");
    const checked = [
      await usher(["connection", "check", "Wiki by token"]),
      await usher(["connection", "check", "Wiki by password"]),
    ];

    assert.match(created.stderr, /Next: usher connection credential add connection_\w+ --kind personal-access-token/);
    assert.equal(wrong.exitCode, 2, wrong.stderr);
    assert.match(wrong.stderr, /personal-access-token or basic/);
    assert.deepEqual([byToken.exitCode, byPassword.exitCode], [0, 0], byToken.stderr + byPassword.stderr);
    assert.doesNotMatch(byPassword.stdout + byPassword.stderr, /sim-password/);
    for (const { stdout, stderr, exitCode } of checked) {
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, /\/dc\/wiki\/confluence\tpassed\tGroups and their members\troster\t/);
    }
    const shown = await usher(["connection", "show", "Wiki by password", "-o", "json"]);
    const { sites } = JSON.parse(shown.stdout) as { sites: { sourceKey: string; edition: string }[] };
    assert.deepEqual(
      sites.map(({ sourceKey, edition }) => [sourceKey, edition]),
      [[address, "data-center"]],
    );
  });

  it("asks for an owner where whoever makes it has no e-mail, as with the first token", async () => {
    const { exitCode, stderr } = await usher(["connection", "create", "--name", "Nobody's"]);

    assert.equal(exitCode, 2);
    assert.match(stderr, /try: Add --owner you@acme\.example\.\n$/);
  });

  it("takes an organization key with scopes together with the organization that it does not tell", async () => {
    const organization = "c7d3b253-a795-4761-ad7b-9ea8346a1e37";
    const add = (of: string) =>
      usher(
        ["connection", "credential", "add", "Scoped key", "--kind", "organization-key"].concat([
          "--organization",
          of,
          "--secret-stdin",
          "-o",
          "json",
        ]),
        { stdin: "sim-organization-key-scoped" },
      );
    await usher(["connection", "create", "--name", "Scoped key", "--owner", "petra@acme.example"]);

    const wrong = await add("acme");
    const right = await add(`https://admin.atlassian.com/o/${organization}/overview`);

    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /--organization acme is not the id of an organization/);
    assert.equal(right.exitCode, 0, right.stderr);
    assert.equal((JSON.parse(right.stdout) as { organizationId: string }).organizationId, organization);
  });

  it("prints a link to consent by and waits for what becomes of it", async () => {
    const owner = ["--owner", "petra@acme.example"];
    await usher(["connection", "create", "--name", "By consent", "--site", "acme", ...owner]);
    await usher(
      [
        "connection",
        "credential",
        "add",
        "By consent",
        "--kind",
        "oauth",
        "--client-id",
        "sim-client-usher",
        "--secret-stdin",
      ],
      { stdin: "sim-client-secret-usher" },
    );

    const declined = await authorize("cancel");
    const accepted = await authorize("accept");

    assert.equal(declined.exitCode, 4);
    assert.match(
      declined.stderr,
      /error: The consent was declined\.\n(.*\n)*try: usher connection authorize connection_\w+\n$/,
    );
    assert.equal(accepted.exitCode, 0, accepted.stderr);
    assert.match(accepted.stdout, /^Covers\tacme\n$/);
    assert.match(accepted.stderr, /Next: usher connection check connection_\w+\n$/);
  });

  it("saves a change of a published connection as a pending revision, shows, checks and applies it", async () => {
    const owner = ["--owner", "petra@acme.example"];
    const roster = ["--capability", "roster"];
    await usher(["connection", "create", "--name", "Pending", "--site", "acme-labs", ...roster, ...owner]);
    const secret = ["--kind", "api-token", "--email", "petra@acme.example", "--secret-stdin"];
    await usher(["connection", "credential", "add", "pending", ...secret], { stdin: "sim-classic-token-of-petra" });
    await usher(["connection", "check", "pending"]);
    const published = await usher(["connection", "publish", "pending"]);
    const none = await usher(["connection", "pending", "show", "pending"]);

    const edited = await usher(["connection", "edit", "pending", "--capability", "roster,permissions"]);
    const shown = await usher(["connection", "pending", "show", "pending"], { isTty: true });
    const early = await usher(["connection", "pending", "apply", "pending"]);
    const checked = await usher(["connection", "check", "pending"]);
    const applied = await usher(["connection", "pending", "apply", "pending"]);
    const serving = await usher(["connection", "serve", "pending"]);

    assert.equal(published.exitCode, 0, published.stderr);
    assert.match(none.stderr, /Nothing waits to change "Pending"/);
    assert.match(edited.stderr, /Saved as a pending revision; "Pending" goes on running as it is/);
    assert.match(edited.stderr, /Next: usher connection pending check connection_\w+\n$/);
    assert.match(shown.stdout, /capabilities\s+roster\s+roster, permissions/);
    assert.equal(early.exitCode, 6, early.stderr);
    assert.equal(checked.exitCode, 0, checked.stderr + checked.stdout);
    assert.match(checked.stderr, /Checking the pending revision of "Pending"/);
    assert.match(checked.stderr, /Next: usher connection pending apply connection_\w+\n$/);
    assert.equal(applied.exitCode, 0, applied.stderr);
    assert.match(applied.stdout, /roster, ?permissions|roster permissions/);
    assert.match(serving.stdout, /permissions\tPending\tread\tfirst that could\t.*space-permissions/);
  });

  it("tells what a second connection of a site takes over and what stays, and lets a person choose", async () => {
    const owner = ["--owner", "petra@acme.example"];
    await usher(["connection", "create", "--name", "Second", ...owner]);
    const secret = ["--kind", "scoped-api-token", "--email", "petra@acme.example", "--secret-stdin"];
    await usher(["connection", "credential", "add", "second", ...secret], { stdin: "sim-scoped-token-of-petra" });

    const added = await usher(["connection", "site", "add", "second", "acme-labs"]);
    await usher(["connection", "check", "second"]);
    const published = await usher(["connection", "publish", "second"]);
    const served = await usher(["connection", "serve", "second", "permissions"]);
    const discarded = await usher(["connection", "pending", "discard", "second", "--yes"]);

    assert.match(
      added.stderr,
      /known already and read: roster by "Pending", permissions by "Pending"\. "Second" is a further source/,
    );
    assert.match(
      published.stderr,
      /"Second" reads activity from now on; roster stays with "Pending", permissions stays with "Pending"\./,
    );
    assert.equal(served.exitCode, 0, served.stderr);
    assert.match(served.stdout, /permissions\tSecond\tread\tby a person/);
    assert.equal(discarded.exitCode, 5);
  });

  it("lets Usher write to a site only when its name is typed", async () => {
    const unasked = await usher(["connection", "mode", "acme", "act", "--yes"]);

    assert.equal(unasked.exitCode, 2);
    assert.match(unasked.stderr, /try: Add --confirm "Acme"\.\n$/);
  });
});
