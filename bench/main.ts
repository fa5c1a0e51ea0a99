// npm run bench [-- NAME…]: runs the benches one after the other, each as its own process, and fails when one does.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BENCHES: Record<string, { what: string; file: string; args: string[]; nodeArgs?: string[] }> = {
  "first-sync": { what: "first sync of large at 150 ms, against its floor", file: "sync.ts", args: [] },
  "first-sync-with-key": { what: "the same with an organization key", file: "sync.ts", args: ["--with-key"] },
  xl: {
    what: "first sync of xl without latency in 192 MB of heap, against its floor, with the database's memory",
    file: "sync.ts",
    args: ["--scale", "xl", "--latency-ms", "0", "--pairs", "3", "--ratio-at-most", "2"],
    nodeArgs: ["--max-old-space-size=192"],
  },
  budgets: { what: "requests of each kind of run on large", file: "budgets.ts", args: [] },
  truth: {
    what: "facts, statuses and readers of large, of Cloud and Data Center, against the simulator's truth",
    file: "truth.ts",
    args: [],
  },
  "people-list": { what: "list of 100,000 people over HTTP", file: "people-list.ts", args: [] },
  grid: { what: "the table of 100,000 people in Chromium: frames, jumps, keys", file: "grid.ts", args: [] },
  simulation: { what: "a rule simulated over 100,000 and 1,000,000 seats", file: "reclamation.ts", args: [] },
  position: { what: "license position over 100,000 and 1,000,000 seats", file: "position.ts", args: [] },
  apply: { what: "a plan of 1,000 seats at 150 ms, against the floor of its requests", file: "apply.ts", args: [] },
  journal: { what: "entries of the journal verified a second", file: "journal.ts", args: [] },
  kills: { what: "200 random kills of Node, PostgreSQL and both", file: "kills.ts", args: [] },
  web: { what: "what pages weigh and how long they take, over 100,000 people", file: "web.ts", args: [] },
  fuzz: { what: "10,000 malformed requests a route", file: "fuzz.ts", args: [] },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. The benches are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
  const { what, file, args, nodeArgs = [] } = BENCHES[name]!;
  console.log(`\n${name}: ${what}`);
  const code = await run([...nodeArgs, fileURLToPath(new URL(file, import.meta.url)), ...args]);
  if (code !== 0) process.exitCode = 1;
}

function run(args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  return new Promise((resolve) => child.once("close", resolve));
}
