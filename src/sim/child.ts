import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Fault } from "../lib/errors.ts";
import type { ScaleName } from "./world/scales.ts";

const ENTRY = fileURLToPath(new URL("./child-process.ts", import.meta.url));

/** The largest world takes some seconds to make. */
const READY_TIMEOUT_MS = 60_000;

const Ready = z.object({
  /** Where it is reached in this machine. */
  listensAt: z.string(),
  /** What its answers call it. */
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
  /** Settles when its process has ended, however that came. */
  ended: Promise<void>;
  stop(): void;
}

export interface SimulatorChildOptions {
  scale: ScaleName;
  seed: number;
  /** 0: any that is free. */
  simulatorPort: number;
  /** The pretend company's "now" as ISO text; null: the clock's. The same instant makes the same company. */
  began: string | null;
  /** How its answers call it, where somebody stands in front of it; without a slash at the end. */
  publicUrl?: string;
  /** Of its employees' e-mail addresses. */
  emailDomain?: string;
}

/**
 * Starts the pretend Atlassian in a process of its own. It keeps the port and the day it began with, for Usher knows
 * its sites by their addresses and their facts by their dates.
 */
export async function startSimulatorChild(given: SimulatorChildOptions): Promise<RunningSimulator> {
  const { scale, seed, simulatorPort, began, publicUrl, emailDomain } = given;
  const options = ["--port", String(simulatorPort), "--scale", scale, "--seed", String(seed), "--limits", "off"];
  if (began !== null) options.push("--now", began);
  if (publicUrl !== undefined) options.push("--public-url", publicUrl);
  if (emailDomain !== undefined) options.push("--email-domain", emailDomain);
  const child = spawn(process.execPath, [ENTRY, ...options], {
    // A process group of its own: Ctrl-C is for its parent, which ends it last.
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
      ended: new Promise((resolve) => void child.once("close", () => resolve())),
      credentials: () => readCredentials(info.listensAt),
      employees: (instance) => readEmployees(info, instance),
    };
  } catch (cause) {
    stop();
    const why = said.trim().split("\n")[0] || "It ended without a word.";
    throw new Fault(`The simulator did not start: ${why}`, {
      code: said.includes("EADDRINUSE") ? "simulator.port-in-use" : "simulator.not-started",
      publicMessage: `The pretend Atlassian did not start. ${why}`,
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
  if (!token || !key || !personal) throw new Error("The simulator has no credentials to connect with.");
  return { email: token.email, apiToken: token.token, organizationKey: key.key, personalAccessToken: personal.token };
}

/** Guests, partners and robots are in no personnel file. */
const OUTSIDERS = ["guest", "app", "customer"];

async function readEmployees({ listensAt, sites }: SimulatorInfo, instance: string): Promise<Employee[]> {
  const truthOf = async (name: string): Promise<unknown> =>
    (await fetch(`${listensAt}/__sim/truth?site=${encodeURIComponent(name)}`)).json();
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
