import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { messageOf } from "../lib/errors.ts";
import { infoOf } from "./control/routes.ts";
import { type FaultRule, parseFaultRules } from "./faults.ts";
import { startSimulator } from "./server.ts";
import { isScaleName } from "./world/scales.ts";
import { ROLE_MODES, type RoleMode, SITE_NAMES } from "./world/world.ts";

const USAGE =
  "usage: npm run sim -- [--port 0] [--scale small|medium|large|xl] [--seed 1] [--latency-ms 0] [--faults FILE] [--limits on|off] [--now ISO] [--accounts N] [--public-url URL] [--email-domain acme.example] [--role-mode SITE=PRE_ROLES|ROLES_TRANSITION|ROLES]…";

/** Garbage is most of the simulator's memory: with a nursery that does not grow the largest company stays below 300 MB. */
const NURSERY_FLAG = "--semi-space-growth-factor=1";

/** Starts the simulator alone, in this process; one JSON line on standard output says where it listens. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      scale: { type: "string", default: "medium" },
      seed: { type: "string", default: "1" },
      "latency-ms": { type: "string", default: "0" },
      faults: { type: "string" },
      limits: { type: "string", default: "on" },
      now: { type: "string" },
      accounts: { type: "string" },
      "public-url": { type: "string" },
      "email-domain": { type: "string" },
      "role-mode": { type: "string", multiple: true, default: [] },
    },
  });
  if (!isScaleName(values.scale)) throw new Error(`unknown scale ${values.scale}`);
  if (values.limits !== "on" && values.limits !== "off") throw new Error("--limits is on or off");
  setFlagsFromString(NURSERY_FLAG);
  const simulator = await startSimulator({
    port: count(values.port, "--port"),
    scale: values.scale,
    seed: count(values.seed, "--seed"),
    latencyMs: count(values["latency-ms"], "--latency-ms"),
    faults: values.faults === undefined ? [] : readFaults(values.faults),
    limits: values.limits,
    now: values.now === undefined ? undefined : instant(values.now),
    accounts: values.accounts === undefined ? undefined : count(values.accounts, "--accounts"),
    publicUrl: values["public-url"],
    emailDomain: values["email-domain"],
    roleModes: Object.fromEntries(values["role-mode"].map(roleModeOf)),
  });
  process.stdout.write(`${JSON.stringify({ ...infoOf(simulator.sim), listensAt: simulator.url })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

function roleModeOf(text: string): [site: string, mode: RoleMode] {
  const [site = "", wanted] = text.split("=");
  const mode = ROLE_MODES.find((each) => each === wanted);
  if (!mode || !SITE_NAMES.includes(site))
    throw new Error(`--role-mode is a site and its mode, such as acme=ROLES_TRANSITION, not ${text}`);
  return [site, mode];
}

function readFaults(file: string): FaultRule[] {
  return parseFaultRules(JSON.parse(readFileSync(file, "utf8")));
}

function count(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option} must be a whole number, not ${text}`);
  return Number(text);
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(`--now must be an instant such as 2026-11-21T12:00:00Z, not ${text}`);
  return at;
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n${USAGE}\n`);
  process.exitCode = 2;
});
