import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CliFailure } from "../failure.ts";
import type { DemoPlace } from "./place.ts";

const ENTRY = fileURLToPath(new URL("./simulator-process.ts", import.meta.url));

/** The largest world takes some seconds to make. */
const READY_TIMEOUT_MS = 60_000;

const Ready = z.object({
  url: z.string(),
  sites: z.array(z.object({ name: z.string(), roleMode: z.string(), edition: z.string() })),
  dataCenters: z.array(z.object({ name: z.string(), baseUrl: z.string() })),
});
export type SimulatorInfo = z.infer<typeof Ready>;

const Credentials = z.object({
  apiTokens: z.array(z.object({ name: z.string(), email: z.string(), token: z.string() })),
  organizationKeys: z.array(z.object({ name: z.string(), key: z.string() })),
  dataCenter: z.object({ personalAccessTokens: z.array(z.object({ name: z.string(), token: z.string() })) }),
});

const CloudTruth = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      class: z.string(),
      displayName: z.string(),
      email: z.string().nullable(),
      department: z.string(),
      jobTitle: z.string(),
    }),
  ),
});
const DataCenterTruth = z.object({
  accounts: z.array(z.object({ username: z.string(), cloudAccountId: z.string().nullable() })),
});

/** Who works for the pretend company, as its personnel system knows them. */
export interface Employee {
  email: string;
  /** On the instance of Data Center; null for whoever has no account there. */
  userName: string | null;
  name: string;
  department: string;
  jobTitle: string;
  hasLeft: boolean;
}

/** What opens the pretend company; it opens nothing else. */
export interface SimulatorCredentials {
  email: string;
  apiToken: string;
  organizationKey: string;
  /** Of the administrator of its Data Center. */
  personalAccessToken: string;
}

export interface RunningSimulator extends SimulatorInfo {
  credentials(): Promise<SimulatorCredentials>;
  /** Of `instance`, one of `dataCenters`, and all sites in Cloud. */
  employees(instance: string): Promise<Employee[]>;
  stop(): void;
}

/**
 * Starts the pretend Atlassian in a process of its own. It keeps the port and the day it began with, for Usher knows
 * its sites by their addresses and their facts by their dates.
 */
export async function startSimulator({ scale, seed, simulatorPort, began }: DemoPlace): Promise<RunningSimulator> {
  const options = ["--port", String(simulatorPort), "--scale", scale, "--seed", String(seed), "--limits", "off"];
  const child = spawn(process.execPath, [ENTRY, ...options, ...(began === null ? [] : ["--now", began])], {
    // A process group of its own: Ctrl-C is for the demo, which ends the simulator last.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const stop = () => void child.kill("SIGTERM");
  try {
    const info = Ready.parse(JSON.parse(await firstLine(child)));
    // What it writes later is drained, so that a full pipe never stops it.
    child.stdout?.resume();
    child.unref();
    child.channel?.unref();
    return {
      ...info,
      stop,
      credentials: () => readCredentials(info.url),
      employees: (instance) => readEmployees(info, instance),
    };
  } catch (cause) {
    stop();
    throw new CliFailure("The pretend Atlassian did not start.", {
      why: said.trim().split("\n")[0] || "It ended without a word.",
      next: said.includes("EADDRINUSE") ? "end what uses its port, or begin anew: usher demo --fresh" : null,
      cause,
    });
  }
}

function firstLine(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("not ready in time")), READY_TIMEOUT_MS);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    if (child.stdout) createInterface(child.stdout).once("line", (line) => settle(() => resolve(line)));
    child.once("error", (error) => settle(() => reject(error)));
    child.once("close", (code) => settle(() => reject(new Error(`ended with ${code}`))));
  });
}

async function readCredentials(url: string): Promise<SimulatorCredentials> {
  const response = await fetch(`${url}/__sim/credentials`);
  const { apiTokens, organizationKeys, dataCenter } = Credentials.parse(await response.json());
  const token = apiTokens.find(({ name }) => name === "classic-admin");
  const key = organizationKeys.find(({ name }) => name === "organization");
  const personal = dataCenter.personalAccessTokens.find(({ name }) => name === "dc-admin");
  if (!token || !key || !personal) throw new CliFailure("The pretend Atlassian has no credentials to connect with.");
  return { email: token.email, apiToken: token.token, organizationKey: key.key, personalAccessToken: personal.token };
}

/** Guests, partners and robots are in no personnel file. */
const OUTSIDERS = ["guest", "app", "customer"];

async function readEmployees({ url, sites }: SimulatorInfo, instance: string): Promise<Employee[]> {
  const truthOf = async (name: string): Promise<unknown> =>
    (await fetch(`${url}/__sim/truth?site=${encodeURIComponent(name)}`)).json();
  const users = DataCenterTruth.parse(await truthOf(instance)).accounts;
  const userNames = new Map(users.map(({ cloudAccountId, username }) => [cloudAccountId, username]));
  // Whoever is on several sites has one e-mail address, and is one employee.
  const employees = new Map<string, Employee>();
  for (const { name } of sites) {
    for (const account of CloudTruth.parse(await truthOf(name)).accounts) {
      if (account.email === null || OUTSIDERS.includes(account.class)) continue;
      employees.set(account.email, {
        email: account.email,
        userName: userNames.get(account.id) ?? null,
        name: account.displayName,
        department: account.department,
        jobTitle: account.jobTitle,
        hasLeft: account.class === "deactivated",
      });
    }
  }
  return [...employees.values()];
}
