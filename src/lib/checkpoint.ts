import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { z } from "zod";

/** The journal as it was at a moment: its newest entry, signed. Kept outside, it shows whether anything was changed since. */
export interface Checkpoint {
  /** The newest entry then, and its hash, which every earlier entry is in. */
  seq: number;
  hash: string;
  at: Date;
  /** Which of the installation's signing keys signed. */
  keyId: string;
  /** Ed25519: 32 bytes in base64. */
  publicKey: string;
  signature: string;
}

/** As a line of a file has it; what else is on the line is left alone. */
export const CheckpointLine = z.object({
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime({ offset: true }),
  keyId: z.string().min(1).max(100),
  publicKey: z.base64().length(44),
  signature: z.base64().length(88),
});

export function signCheckpoint(
  what: Pick<Checkpoint, "seq" | "hash" | "at">,
  key: { id: string; privateKey: KeyObject },
): Checkpoint {
  const checkpoint = { ...what, keyId: key.id, publicKey: publicKeyOf(key.privateKey) };
  const signature = sign(null, signedBytes(checkpoint), key.privateKey).toString("base64");
  return { ...checkpoint, signature };
}

/** Whether its own public key signed it; whose key that is, whoever asks must know. */
export function isSigned(checkpoint: Checkpoint): boolean {
  const raw = Buffer.from(checkpoint.publicKey, "base64");
  if (raw.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI, raw]), format: "der", type: "spki" });
  return verify(null, signedBytes(checkpoint), key, Buffer.from(checkpoint.signature, "base64"));
}

/** The raw public key in base64, by which a key is known outside. */
export function publicKeyOf(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return der.subarray(ED25519_SPKI.length).toString("base64");
}

/** SPKI of an Ed25519 public key is this and its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

function signedBytes({ seq, hash, at, keyId }: Pick<Checkpoint, "seq" | "hash" | "at" | "keyId">): Buffer {
  return Buffer.from(`usher journal checkpoint v1\n${seq}\n${hash}\n${at.toISOString()}\n${keyId}`, "utf8");
}

/** Checkpoints of a file, one JSON object a line; `unreadable` are the numbers of lines that hold none. */
export function readCheckpointLines(text: string): { checkpoints: Checkpoint[]; unreadable: number[] } {
  const checkpoints: Checkpoint[] = [];
  const unreadable: number[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const parsed = CheckpointLine.safeParse(jsonOf(line));
    if (parsed.success) checkpoints.push({ ...parsed.data, at: new Date(parsed.data.at) });
    else unreadable.push(index + 1);
  });
  return { checkpoints, unreadable };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema says no.
    return null;
  }
}
