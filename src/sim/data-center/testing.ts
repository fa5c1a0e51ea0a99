import type { Simulator } from "../server.ts";
import { type Answer, type AskOptions, asker, basic, readAnswer } from "../testing.ts";
import type { DataCenter } from "./world.ts";

/** What the tests of the pretend Data Center ask an instance with: nothing but HTTP. */
export interface InstanceAsker {
  /** Below the context path, with a token of the system administrator unless told otherwise. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** Every row of a listing: `start` counts what came. */
  rows(path: string, options?: AskOptions): Promise<Record<string, unknown>[]>;
  /** One call of JSON-RPC in the style that names the method in the path. */
  rpc(method: string, parameters: unknown, options?: AskOptions): Promise<Answer>;
  control(path: string, body?: unknown): Promise<Answer>;
}

export const ADMIN = "Bearer sim-pat-of-petra";
export const CONFLUENCE_ADMIN = "Bearer sim-pat-of-carla";
export const USER = "Bearer sim-pat-of-rita";
export const ADMIN_PASSWORD = basic("petra", "sim-password-of-petra");

const ROWS_MAX = 10_000;

export function instanceAsker(simulator: Simulator, name: "wiki" | "legacy"): InstanceAsker {
  const base = `${simulator.url}/dc/${name}${instanceOf(simulator, name).contextPath}`;
  const ask = async (path: string, options: AskOptions = {}): Promise<Answer> => {
    const response = await fetch(base + path, {
      method: options.method ?? (options.body === undefined ? "GET" : "POST"),
      headers: { authorization: options.authorization ?? ADMIN, "content-type": "application/json" },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      redirect: "manual",
    });
    return readAnswer(response);
  };
  return {
    ask,
    async rows(path, options) {
      const rows: Record<string, unknown>[] = [];
      const join = path.includes("?") ? "&" : "?";
      for (;;) {
        const answer = await ask(`${path}${join}start=${rows.length}`, options);
        rows.push(...answer.results);
        if (answer.results.length === 0 || answer.next === null || rows.length > ROWS_MAX) return rows;
      }
    },
    rpc: (method, parameters, options) =>
      ask(`/rpc/json-rpc/confluenceservice-v2/${method}`, { ...options, method: "POST", body: parameters }),
    control: asker(simulator).control,
  };
}

/** The instance's own record of what is so. */
export function instanceOf({ world }: Simulator, name: "wiki" | "legacy"): DataCenter {
  const found = world.dataCenters.find((each) => each.name === name);
  if (!found) throw new Error(`The world has no instance ${name}.`);
  return found;
}
