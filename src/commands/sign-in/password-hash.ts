import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const hashBy = promisify(argon2);

/** RFC 9106 §4, second recommendation: argon2id with 64 MiB, three passes and four lanes. About 0.2 s of one core. */
const MEMORY_KIB = 65_536;
const PASSES = 3;
const LANES = 4;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** The hash with all that is needed to check it again, so that these numbers may grow: `argon2id.m.t.p.salt.tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, MEMORY_KIB, PASSES, LANES);
  return ["argon2id", MEMORY_KIB, PASSES, LANES, salt.toString("base64url"), tag.toString("base64url")].join(".");
}

/** Whether it is the password of this hash. Null, where there is none, takes the same time and is never right. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, lanes, salt = "", tag = ""] = (hash ?? NOBODYS).split(".");
  const derived = await derive(password, Buffer.from(salt, "base64url"), Number(memory), Number(passes), Number(lanes));
  const known = Buffer.from(tag, "base64url");
  return known.length === derived.length && timingSafeEqual(known, derived) && hash !== null;
}

/** No password is known to have it. */
const NOBODYS = ["argon2id", MEMORY_KIB, PASSES, LANES, "A".repeat(22), "A".repeat(43)].join(".");

function derive(password: string, salt: Buffer, memory: number, passes: number, lanes: number): Promise<Buffer> {
  // The same text may reach us composed or decomposed, depending on the keyboard (RFC 8265 §4.2.2).
  const message = password.normalize("NFC");
  return hashBy("argon2id", { message, nonce: salt, memory, passes, parallelism: lanes, tagLength: TAG_BYTES });
}
