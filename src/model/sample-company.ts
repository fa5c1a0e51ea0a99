/**
 * The sample's sites lie below this address. No resolver answers for a name below .invalid (RFC 6761), so what is meant
 * for the sample can never reach anybody's host, and no host of anybody's is taken for the sample's. The migration that
 * marks its sites knows the address too.
 */
export const SAMPLE_ORIGIN = "https://sample-company.invalid";

/** Of its employees' e-mail addresses; nobody has one of them (RFC 2606). */
export const SAMPLE_EMAIL_DOMAIN = "sample-company.example";

/** Another company than the ones that simulators make by themselves. */
export const SAMPLE_SEED = 7400;

export const SAMPLE_SCALES = ["tiny", "small", "medium"] as const;
export type SampleScale = (typeof SAMPLE_SCALES)[number];

export type SampleState = "making" | "present" | "removing";

export interface SampleCompany {
  state: SampleState;
  scale: SampleScale;
  seed: number;
  /** The pretend company's "now" when it was made. */
  beganAt: Date;
  /** What is being done, in words. */
  step: string;
  /** Why the last attempt failed; it is repeated. */
  problem: string | null;
  requestedBy: string;
  requestedAt: Date;
  readyAt: Date | null;
}

export function isSampleAddress(address: string): boolean {
  return address.startsWith(`${SAMPLE_ORIGIN}/`);
}
