import { createHash } from "node:crypto";
import { refuse, ok, type Result } from "../../lib/result.ts";
import { deleteWaits, lockWaits, saveWait, type SignInWait } from "../../store/sign-in/waits.ts";
import type { Context } from "../context.ts";

/** Whoever tries: an address has many people behind it, so it may fail more often than one e-mail. */
export interface Attempt {
  address: string;
  /** Null where a code is tried. */
  email: string | null;
}

export interface TooManyAttempts {
  code: "too-many-attempts";
  waitSeconds: number;
}

const FREE_OF_EMAIL = 5;
const FREE_OF_ADDRESS = 30;
/** The first wait; each further failure doubles it. */
const FIRST_WAIT_MS = 10_000;
const WAIT_MS_MAX = 15 * 60_000;
/** Without an attempt for so long, counting begins anew. */
export const FORGET_FAILURES_MS = 60 * 60_000;

/**
 * Counts an attempt as failed before it is looked at, so that many at once are not many tries; `forgetAttempts` takes
 * back a right one. Refused while whoever tries has to wait, in which nothing is counted.
 */
export function countAttempt(
  { db, clock }: Pick<Context, "db" | "clock">,
  attempt: Attempt,
): Promise<Result<null, TooManyAttempts>> {
  return db.transaction(async (tx) => {
    const now = clock.now();
    const waits = await lockWaits(tx, Object.values(keysOf(attempt)), now);
    const until = Math.max(...waits.map(({ waitUntil }) => waitUntil.getTime()));
    if (until > now.getTime()) {
      return refuse({ code: "too-many-attempts", waitSeconds: Math.ceil((until - now.getTime()) / 1000) });
    }
    const { email } = keysOf(attempt);
    for (const wait of waits)
      await saveWait(tx, afterFailure(wait, wait.key === email ? FREE_OF_EMAIL : FREE_OF_ADDRESS, now));
    return ok(null);
  });
}

/** The attempt was right: the e-mail's failures are forgotten, and one of the address's, which others may share. */
export function forgetAttempts({ db, clock }: Pick<Context, "db" | "clock">, attempt: Attempt): Promise<void> {
  return db.transaction(async (tx) => {
    const { email, address } = keysOf(attempt);
    if (email !== undefined) await deleteWaits(tx, [email]);
    for (const wait of await lockWaits(tx, [address], clock.now())) {
      const failures = Math.max(0, wait.failures - 1);
      await saveWait(tx, { ...wait, failures, waitUntil: wait.lastAt });
    }
  });
}

function afterFailure(wait: SignInWait, free: number, now: Date): SignInWait {
  const isForgotten = now.getTime() - wait.lastAt.getTime() > FORGET_FAILURES_MS;
  const failures = (isForgotten ? 0 : wait.failures) + 1;
  const doubled = FIRST_WAIT_MS * 2 ** Math.min(failures - free, 20);
  const waitMs = failures < free ? 0 : Math.min(doubled, WAIT_MS_MAX);
  return { key: wait.key, failures, lastAt: now, waitUntil: new Date(now.getTime() + waitMs) };
}

/** E-mails of strangers are counted too, and are nothing to keep readable. */
function keysOf({ address, email }: Attempt): { address: string; email?: string } {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  return {
    address: hash(`address ${address}`),
    ...(email === null ? {} : { email: hash(`email ${email.toLowerCase()}`) }),
  };
}
