import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/**
 * Takes the lease, or keeps it, for `seconds` from now; false when somebody else holds it. Time is the database's, so
 * that processes whose clocks differ agree on who holds it.
 */
export async function takeLease(tx: Tx, name: string, holder: string, seconds: number): Promise<boolean> {
  // Waits for what the former holder still has under way: see holdLease.
  await tx.query(sql`
    select name from leases where name = ${name} and holder <> ${holder} and until < clock_timestamp() for update
  `);
  const taken = await tx.execute(sql`
    insert into leases as held (name, holder, until)
    values (${name}, ${holder}, clock_timestamp() + make_interval(secs => ${seconds}))
        on conflict (name) do update
       set holder = excluded.holder, until = excluded.until
     where held.holder = excluded.holder or held.until < clock_timestamp()
  `);
  return taken === 1;
}

/** Prolongs a lease that is still ours; false when it was lost. Unlike taking, it never wins back a lapsed one that was taken. */
export async function renewLease(tx: Tx, name: string, holder: string, seconds: number): Promise<boolean> {
  const renewed = await tx.execute(sql`
    update leases
       set until = clock_timestamp() + make_interval(secs => ${seconds})
     where name = ${name} and holder = ${holder}
  `);
  return renewed === 1;
}

export async function releaseLease(tx: Tx, name: string, holder: string): Promise<void> {
  await tx.execute(sql`delete from leases where name = ${name} and holder = ${holder}`);
}

/**
 * Keeps the lease from being taken until the transaction ends; false when it is somebody else's already. A key-share lock
 * lets the holder go on renewing it meanwhile, however many transactions follow each other without a gap.
 */
export async function holdLease(tx: Tx, name: string, holder: string): Promise<boolean> {
  const held = await tx.query(sql`select name from leases where name = ${name} and holder = ${holder} for key share`);
  return held.length === 1;
}
