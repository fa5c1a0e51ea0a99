import type { FastifyInstance } from "fastify";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { SecretBox } from "../lib/secret-box.ts";
import type { Database } from "../store/database.ts";
import type { Handler } from "./route.ts";
import type { Services } from "./services.ts";

/** What the HTTP server is given. */
export interface ServerOptions {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: SecretBox;
  services: Services;
  /** How browsers reach Usher, without a trailing slash. */
  publicUrl: string;
  /** Addresses and networks of proxies that are believed whose request they pass on; none unless given. */
  trustedProxies?: readonly string[];
  /** Another set than the API's own, for tests of the server itself. */
  handlers?: readonly Handler[];
  /** How long a client of an export or a file may stand still; ten minutes unless a test says less. */
  stalledMsMax?: number;
  /** Within which any other body has to come; a minute unless a test says less. */
  bodyMsMax?: number;
}

/** What lies outside the API and needs no token, such as the page that an OAuth consent comes back to. */
export type Page = (app: FastifyInstance, options: ServerOptions) => void;
