import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startSimulator } from "./support/simulator-process.ts";

const authorization = `Basic ${Buffer.from("petra@acme.example:sim-classic-token-of-petra").toString("base64")}`;
const CQL = encodeURIComponent('lastmodified >= now("-90d") order by lastmodified desc');
const LISTINGS = [
  "search/user?cql=type=user&limit=200&sitePermissionTypeFilter=all&expand=operations",
  `content/search?limit=200&expand=version,history,space&cql=${CQL}`,
];

describe("the simulator in a process of its own", () => {
  it("stays below 300 MB at the largest scale, also while it is read", async () => {
    const simulator = await startSimulator(["--scale", "xl", "--limits", "off"]);
    try {
      for (const listing of LISTINGS) {
        let next: string | null = `/rest/api/${listing}`;
        for (let page = 0; next !== null && page < 50; page++)
          next = await nextOf(`${simulator.origin}/site/acme/wiki${next}`);
      }

      assert.ok(residentMegabytes(simulator.pid) < 300, `${residentMegabytes(simulator.pid)} MB`);
    } finally {
      await simulator.close();
    }
  });
});

describe("the simulator's command line", () => {
  it("reads a fault schedule from a file", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sim-"));
    const file = path.join(folder, "faults.json");
    writeFileSync(file, JSON.stringify([{ kind: "status", status: 502, path: "/wiki/rest/api/group$" }]));
    const simulator = await startSimulator(["--faults", file]);
    try {
      const ask = () => fetch(`${simulator.origin}/site/acme/wiki/rest/api/group`, { headers: { authorization } });

      assert.deepEqual([(await ask()).status, (await ask()).status], [502, 200]);
    } finally {
      await simulator.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("begins with the role modes it is told", async () => {
    const simulator = await startSimulator(["--scale", "small", "--role-mode", "acme=ROLES_TRANSITION"]);
    try {
      const { sites } = (await (await fetch(`${simulator.origin}/__sim/info`)).json()) as {
        sites: { name: string; roleMode: string }[];
      };

      assert.deepEqual(
        sites.map(({ name, roleMode }) => `${name} ${roleMode}`),
        ["acme ROLES_TRANSITION", "acme-labs ROLES"],
      );
    } finally {
      await simulator.close();
    }
  });

  it("says what is wrong with an option, and how they are given", () => {
    const main = fileURLToPath(new URL("../src/sim/main.ts", import.meta.url));
    const nowhere = spawnSync(process.execPath, [main, "--role-mode", "nowhere=ROLES"], { encoding: "utf8" });

    const { status, stderr } = spawnSync(process.execPath, [main, "--scale", "huge"], { encoding: "utf8" });

    assert.equal(status, 2);
    assert.match(stderr, /unknown scale huge\nusage: npm run sim/);
    assert.match(nowhere.stderr, /--role-mode is a site and its mode/);
  });
});

async function nextOf(url: string): Promise<string | null> {
  const response = await fetch(url, { headers: { authorization } });
  const body: unknown = await response.json();
  const next: unknown = Reflect.get(Object(Reflect.get(Object(body), "_links")), "next");
  return typeof next === "string" ? next : null;
}

/** Linux tells it; elsewhere nothing is claimed. */
function residentMegabytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1]) / 1_000;
}
