import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface SimulatorProcess {
  origin: string;
  pid: number;
  sites: { name: string; cloudId: string; baseUrl: string }[];
  /** Instances of Data Center. */
  dataCenters: { name: string; baseUrl: string; version: string }[];
  organizationId: string;
  environment: Record<string, string>;
  setFaults(rules: readonly object[]): Promise<void>;
  change(changes: readonly object[]): Promise<void>;
  /** Redirect URLs that its OAuth app accepts from now on. */
  allowCallbacks(callbackUrls: readonly string[]): Promise<void>;
  truth(site: string): Promise<Truth>;
  /** Requests and 3LO points since it started, as it counts them itself. */
  counts(): Promise<{ requests: number; points: number }>;
  close(): Promise<void>;
}

/** What the simulator says of its own world; only what these tests compare. */
export interface Truth {
  accounts: { id: string; class: string; state: string; email: string | null; holdsSeat?: boolean }[];
  groups: { id: string; name: string; members: number }[];
  memberships: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string }[];
  /** Of Data Center: the groups within each group, one level down. */
  nestings?: Record<string, string[]>;
}

/** Far longer than it takes, even on a machine that is busy with other tests. */
const START_TIMEOUT_MS = 60_000;

/** The simulator as its own process, as everybody else meets it: nothing of it is imported. */
export async function startSimulator(args: readonly string[] = []): Promise<SimulatorProcess> {
  const main = fileURLToPath(new URL("../../src/sim/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--port", "0", "--scale", "small", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A test that fails before it closes the simulator must neither leave it behind nor wait for it.
  child.unref();
  process.once("exit", () => child.kill());
  const started = await firstLine(child.stdout, ended);
  const {
    url: origin,
    sites,
    dataCenters,
    organizationId,
  } = JSON.parse(started) as {
    url: string;
    sites: SimulatorProcess["sites"];
    dataCenters: SimulatorProcess["dataCenters"];
    organizationId: string;
  };
  const control = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${origin}/__sim/${path}`, {
      ...init,
      headers: { "content-type": "application/json" },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator answered ${response.status} at ${path}: ${text}`);
    return text;
  };
  return {
    origin,
    pid: child.pid ?? 0,
    sites,
    dataCenters,
    organizationId,
    environment: {
      USHER_ATLASSIAN_AUTH_URL: `${origin}/auth`,
      USHER_ATLASSIAN_API_URL: `${origin}/api`,
      USHER_ATLASSIAN_SITE_URL: `${origin}/site/{name}`,
    },
    setFaults: async (rules) => void (await control("faults", rules)),
    change: async (changes) => void (await control("change", changes)),
    allowCallbacks: async (callbackUrls) => void (await control("credentials", { callbackUrls })),
    truth: async (site) => JSON.parse(await control(`truth?site=${site}`)) as Truth,
    counts: async () => JSON.parse(await control("counts")) as { requests: number; points: number },
    close: async () => {
      child.ref();
      child.kill();
      await ended;
    },
  };
}

async function firstLine(stdout: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  const lines = createInterface({ input: stdout });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<string>((resolve) => lines.once("line", resolve)),
      ended.then(() => Promise.reject(new Error("The simulator ended before it said where it listens."))),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("The simulator did not start in time.")), START_TIMEOUT_MS);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
