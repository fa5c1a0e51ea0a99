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

  it("lets Usher write to a site only when its name is typed", async () => {
    const unasked = await usher(["connection", "mode", "acme", "act", "--yes"]);

    assert.equal(unasked.exitCode, 2);
    assert.match(unasked.stderr, /try: Add --confirm "Acme"\.\n$/);
  });
});
