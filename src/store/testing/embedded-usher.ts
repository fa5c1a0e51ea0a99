// A small Usher for the tests of the supervisor, which kill it: starts PostgreSQL, tells its parent, and waits.
import process from "node:process";
import { Fault } from "../../lib/errors.ts";
import { silentLog } from "../../lib/log.ts";
import type { PostgresPackage } from "../embedded/binaries.ts";
import { claimInstallation } from "../embedded/claim.ts";
import { startEmbeddedPostgres } from "../embedded/supervisor.ts";
import type { PostgresConnection } from "../embedded/server.ts";

export interface EmbeddedUsherOptions {
  dataDir: string;
  from: PostgresPackage;
  durable: boolean;
  /** Become this user first; the modules are loaded before, so that the checkout may be closed to it. */
  uid?: number;
}

export type EmbeddedUsherReport =
  | { event: "ready"; adopted: boolean; pid: number; connection: PostgresConnection; claimed: boolean }
  | { event: "fault"; code: string; publicMessage: string };

const options: EmbeddedUsherOptions = JSON.parse(process.argv[2] ?? "");

if (options.uid !== undefined && process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(options.uid);
  process.setuid?.(options.uid);
}
// A Ctrl-C is for the parent's test to send; it must not end this process before PostgreSQL has seen it too.
process.on("SIGINT", () => undefined);

try {
  const { dataDir, from, durable } = options;
  const postgres = await startEmbeddedPostgres({ dataDir, from, durable, log: silentLog });
  const claim = await claimInstallation(postgres.connection);
  tell({
    event: "ready",
    adopted: postgres.adopted,
    pid: postgres.pid(),
    connection: postgres.connection,
    claimed: claim.ok,
  });
  process.once("disconnect", () => void stop());

  async function stop(): Promise<void> {
    if (!claim.ok) return postgres.leave();
    await claim.value();
    await postgres.stop();
  }
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  tell({ event: "fault", code: error.code, publicMessage: error.publicMessage });
  process.disconnect?.();
}

function tell(report: EmbeddedUsherReport): void {
  process.send?.(report);
}
