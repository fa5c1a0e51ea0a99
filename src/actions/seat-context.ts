import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { SiteSource, SiteWriter } from "../sources/source.ts";
import type { Database, Tx } from "../store/database.ts";
import { holdLease } from "../store/leases.ts";
import type { DueSeat } from "../store/plans/due.ts";

/** What changing the seats of one site works with. */
export interface SeatContext {
  db: Database;
  clock: Clock;
  log: Log;
  source: SiteSource;
  writer: SiteWriter;
  /** Source ids of the groups that bring the product. */
  bringing: ReadonlySet<string>;
  /** The lease under which changes are sent, and who has it. */
  lease: string;
  holder: string;
  /** Brings plans to where their seats are; called when a seat failed, so that no other is begun that should not be. */
  settle(): Promise<void>;
}

/** What is known of a seat; kept up to date while something is sent, so that trouble finds it as it is. */
export interface KnownSeat {
  due: DueSeat;
}

/** Another process carries out changes by now: whatever this one had under way, that one reads first. */
export class LeaseLost extends Fault {
  constructor() {
    super("Another process has taken over the execution of actions.", {
      code: "actions.lease-lost",
      publicMessage: "Another process carries out the changes now.",
    });
  }
}

/** A transaction that commits only while this process is the one that sends changes. Throws `LeaseLost` else. */
export function underLease<T>(
  ctx: Pick<SeatContext, "db" | "lease" | "holder">,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    if (!(await holdLease(tx, ctx.lease, ctx.holder))) throw new LeaseLost();
    return work(tx);
  });
}
