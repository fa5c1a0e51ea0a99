/**
 * A pretend Atlassian on one port, written from Atlassian's documents alone, so that it can catch our client out.
 *
 *     {url}/auth/authorize, /auth/oauth/token           auth.atlassian.com
 *     {url}/api/oauth/token/accessible-resources        api.atlassian.com
 *     {url}/api/ex/confluence/{cloudId}/wiki/…          its gateway: OAuth tokens and scoped API tokens
 *     {url}/api/admin/v1|v2/…                           its Organizations API: organization keys
 *     {url}/api/scim/directory/{id}/…                   its user provisioning (SCIM): keys of directories
 *     {url}/site/{name}/wiki/…                          https://{name}.atlassian.net: classic API tokens
 *     {url}/site/{name}/_edge/tenant_info               the cloud id without a credential
 *     {url}/dc/{name}{contextPath}/…                    an instance of Confluence Data Center: tokens and passwords
 *     {url}/__sim/…                                     counts, faults, truth, changes: see control/routes.ts
 *
 * The company "Acme" is one organization with two sites: `acme` (classic permissions) and `acme-labs` (space roles).
 * Beside them run two instances of Data Center: `wiki` (10.0.3) and `legacy` (8.5.4, JSON-RPC). Everything follows from the seed; changes lie over it. `npm run sim -- --port 0` starts it alone (main.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, systemClock } from "../lib/clock.ts";
import { createCounts } from "./control/counts.ts";
import { makeCredentials } from "./credentials.ts";
import type { DataCenterSettings } from "./data-center/settings.ts";
import { answer } from "./dispatch.ts";
import { createFaults, type FaultRule } from "./faults.ts";
import type { Reply, SimRequest } from "./http.ts";
import { createLateEffects } from "./late-effects.ts";
import { createLimits } from "./limits.ts";
import { createOAuthServer } from "./oauth.ts";
import type { Simulation } from "./simulation.ts";
import { createWriteLog } from "./write-log.ts";
import type { ScaleName } from "./world/scales.ts";
import { makeWorld, type RoleMode, type World } from "./world/world.ts";

export interface SimulatorOptions {
  /** 0 (the default) takes a free one. */
  port?: number;
  scale?: ScaleName;
  seed?: number;
  /** Added to every answer, milliseconds. */
  latencyMs?: number;
  faults?: readonly FaultRule[];
  /** Off: points and bursts are counted, never refused. */
  limits?: "on" | "off";
  /** The pretend world's "now"; the clock's by default. */
  now?: Date;
  clock?: Clock;
  /** Another number of accounts than the scale's. */
  accounts?: number;
  /** How both instances of Data Center behave, instead of the default. */
  dataCenter?: Partial<DataCenterSettings>;
  /** Role modes that sites begin with instead of their own, by name: `{ acme: "ROLES_TRANSITION" }`. */
  roleModes?: Readonly<Record<string, RoleMode>>;
  /** How its answers call it, where somebody stands in front of it; without a slash at the end. */
  publicUrl?: string;
  /** Of its employees' e-mail addresses, instead of acme.example. */
  emailDomain?: string;
  /** Allowed callback URLs of the OAuth client, instead of the default ones. */
  callbackUrls?: readonly string[];
}

export interface Simulator {
  /** Without a slash at the end. */
  url: string;
  world: World;
  sim: Simulation;
  close(): Promise<void>;
}

/** Requests larger than this are cut off: nothing that Usher sends comes near. */
const BODY_BYTES_MAX = 5_000_000;

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? systemClock;
  const now = (options.now ?? clock.now()).getTime();
  const world = makeWorld({
    scale: options.scale ?? "small",
    seed: options.seed ?? 1,
    now,
    accounts: options.accounts,
    roleModes: options.roleModes,
    emailDomain: options.emailDomain,
  });
  if (options.dataCenter) for (const each of world.dataCenters) Object.assign(each.settings, options.dataCenter);
  const credentials = makeCredentials(world);
  if (options.callbackUrls) for (const each of credentials.clients) each.callbackUrls = [...options.callbackUrls];
  const sim: Simulation = {
    url: "",
    world,
    clock,
    clockStartedAt: clock.now().getTime(),
    credentials,
    oauth: createOAuthServer({ clock, world, credentials }),
    faults: createFaults(options.faults ?? []),
    limits: createLimits({ clock, enforced: options.limits !== "off" }),
    counts: createCounts(() => clock.now()),
    writes: createWriteLog(),
    lateEffects: createLateEffects(world),
    latencyMs: options.latencyMs ?? 0,
  };

  const server = createServer((request, response) => {
    serve(sim, request, response).catch((error: unknown) => {
      // A defect of the simulator itself: said aloud, so that no test takes it for one of Atlassian's answers.
      const text = `simulator: ${error instanceof Error ? error.stack : String(error)}\n`;
      process.stderr.write(text);
      if (!response.headersSent) response.writeHead(599, { "content-type": "text/plain" });
      response.end(text);
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${portOf(server)}`;
  sim.url = options.publicUrl ?? url;
  return { url, world, sim, close: () => closeServer(server) };
}

async function serve(sim: Simulation, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = incoming.url ?? "/";
  const cut = target.indexOf("?");
  const request: SimRequest = {
    method: incoming.method ?? "GET",
    path: cut < 0 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? "" : target.slice(cut + 1)),
    headers: incoming.headers,
    body: incoming.method === "GET" ? "" : await readBody(incoming),
  };
  const startedAt = performance.now();
  const outcome = answer(sim, request);
  sim.counts.add(outcome.endpoint, outcome.reply?.status ?? 0, outcome.points, performance.now() - startedAt);
  const { ending } = outcome;
  await pause(outcome.waitMs + (outcome.reply === null ? ending.waitMs : 0), incoming.socket);
  if (outcome.reply !== null) send(response, outcome.reply);
  else if (ending.kind === "reset") incoming.socket.resetAndDestroy();
  else incoming.socket.destroy();
}

/** Ends early when the client gives up: a silence must not outlive whoever listens to it. */
function pause(ms: number, socket: Socket): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      socket.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    socket.once("close", done);
  });
}

function send(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  const headers: Record<string, string> = { ...reply.headers, "content-length": String(body.length) };
  if (reply.body !== "") headers["content-type"] = reply.type;
  response.writeHead(reply.status, headers);
  response.end(body);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    const piece = Buffer.from(part);
    bytes += piece.length;
    if (bytes <= BODY_BYTES_MAX) parts.push(piece);
  }
  return Buffer.concat(parts).toString();
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The simulator does not listen on a port.");
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
