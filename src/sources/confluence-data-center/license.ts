import { z } from "zod";
import { type ObservedLicense, SourceFailure, type SourceFailureCode } from "../source.ts";
import type { OpenSite } from "./open-site.ts";

/** Not documented by Atlassian; monitors and clients rely on it (FACTS §10). Instants are epoch milliseconds. */
const PATH = "/rest/license/1.0/license";
const Millis = z
  .number()
  .nullish()
  .transform((at) => (at === null || at === undefined || at <= 0 ? null : new Date(at)));
const Details = z.object({ expiryDate: Millis, maintenanceExpiryDate: Millis });
const Count = z.object({ count: z.number().int() });

/** What the instance's license says of itself; null where this version or this account is not told. */
export async function readLicense(open: OpenSite, signal: AbortSignal): Promise<ObservedLicense | null> {
  const details = await ask(open, "details", Details, signal);
  if (!details) return null;
  const [most, used] = await Promise.all([ask(open, "maxUsers", Count, signal), ask(open, "userCount", Count, signal)]);
  return {
    // A license without a limit says -1.
    seats: most && most.count > 0 ? most.count : null,
    usedSeats: used && used.count >= 0 ? used.count : null,
    expiresAt: details.expiryDate,
    maintenanceExpiresAt: details.maintenanceExpiryDate,
    origin: "license",
  };
}

async function ask<Body>(
  { client }: OpenSite,
  part: "details" | "maxUsers" | "userCount",
  schema: z.ZodType<Body>,
  signal: AbortSignal,
): Promise<Body | null> {
  const path = `${PATH}/${part}`;
  const call = { template: path, path, schema, isOneThing: true, what: "the license of the instance" };
  try {
    return await client.read("product-access", call, signal);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && NOT_TOLD.includes(thrown.code)) return null;
    throw thrown;
  }
}

const NOT_TOLD: readonly SourceFailureCode[] = [
  "source.missing-role",
  "source.not-found",
  "source.edition-lacks",
  "source.bad-request",
  "source.unexpected-answer",
];
