import { hash } from "node:crypto";
import type { MemberRow } from "../store/merge/memberships.ts";

/**
 * The accounts that a run has merged as members of some group. Most people are in several groups, which all show them in
 * the same words; comparing those once a run is enough. Holds some 100 bytes an account, and nothing outlives the process.
 */
export interface MergedAccounts {
  /** The same memberships, where an account that was merged in these words is left to its id. */
  thin(rows: readonly MemberRow[]): Thinned;
}

export interface Thinned {
  rows: object[];
  /** To be called once the rows are committed. */
  merged(): void;
}

export function createMergedAccounts(): MergedAccounts {
  const digests = new Map<string, string>();
  return {
    thin(rows) {
      const fresh: [string, string][] = [];
      const thinned = rows.map((row) => {
        const { scope, ...account } = row;
        const digest = hash("sha1", JSON.stringify(account), "base64");
        if (digests.get(row.source_id) === digest) return { scope, source_id: row.source_id };
        fresh.push([row.source_id, digest]);
        return row;
      });
      return {
        rows: thinned,
        merged() {
          for (const [sourceId, digest] of fresh) digests.set(sourceId, digest);
        },
      };
    },
  };
}
