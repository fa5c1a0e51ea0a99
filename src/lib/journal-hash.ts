import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** What the first entry follows from; also in the first migration. */
export const GENESIS_HASH = "0".repeat(64);

/** What of an entry is in its hash. */
export interface HashedEntry {
  seq: number;
  /** ISO text to the millisecond. */
  at: string;
  actorId: string;
  through: string;
  entry: string;
  subjectId: string | null;
  detail: Record<string, unknown>;
  personalHash: string | null;
  previousHash: string;
}

/** SHA-256 over the canonical JSON of the entry, whose keys are written out here in their order: that is faster. */
export function hashEntry(each: HashedEntry): string {
  const text = JSON.stringify;
  return sha256(
    `{"actorId":${text(each.actorId)},"at":"${each.at}","detail":${canonicalJson(each.detail)},"entry":${text(each.entry)},` +
      `"personalHash":${text(each.personalHash)},"previousHash":"${each.previousHash}","seq":${each.seq},` +
      `"subjectId":${text(each.subjectId)},"through":${text(each.through)}}`,
  );
}

/** Of the personal part, which is stored as canonical JSON. */
export function hashPersonal(salt: string, content: string): string {
  return sha256(salt + content);
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
