/** A trial of write access at one site: what it did, and how far it came. */
export interface WriteProof {
  id: string;
  connectionId: string;
  siteId: string;
  /** The person who asked for it. */
  requestedBy: string;
  groupName: string;
  groupSourceId: string | null;
  /** The temporary group may still be at the source: it is looked for before the next proof. */
  mayBeLeft: boolean;
  /** `interrupted`: the process ended on the way. */
  state: "running" | "proved" | "failed" | "interrupted";
  steps: WriteProofStep[];
  problem: WriteProofProblem | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** One change with what was read after it. */
export interface WriteProofStep {
  name: string;
  outcome: "passed" | "failed";
  /** What was seen, in words. */
  detail: string;
  tookMs: number;
}

export interface WriteProofProblem {
  /** Failure code of the source. */
  code: string;
  reason: string;
  fix: string;
}
