import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { Fault } from "./errors.ts";
import type { SecretKey } from "./secret-box.ts";

const KEY_BYTES = 32;

const Keys = z
  .array(z.object({ id: z.string().regex(/^[A-Za-z0-9-]+$/), key: z.base64() }))
  .min(1)
  .refine(
    (keys) => keys.every(({ key }) => Buffer.from(key, "base64").length === KEY_BYTES),
    "a key is not 32 bytes long",
  );

const KeyFile = z.object({
  /** The first encrypts, all decrypt. */
  encryption: Keys,
  /** The first signs links and checkpoints, all verify. Files of versions that signed nothing have none. */
  signing: Keys.optional(),
});

/**
 * Reads the keys, or makes the file with a first key where there is none and `mayCreate` allows it. Mode 0600: a file
 * that others may read is refused, as the credentials it opens are then no secret. Throws a Fault "keys.unusable", or
 * "keys.missing" where there is no file and none may be made.
 */
export async function readKeyFile(path: string, options: { mayCreate?: boolean } = {}): Promise<SecretKey[]> {
  return toKeys((await readWhole(path, options)).encryption);
}

/**
 * The keys that sign links and checkpoints of the journal; a file without any is given one. Of several processes that
 * share the file one at a time may call this: whoever calls holds a lock for it.
 */
export async function readSigningKeys(path: string): Promise<SecretKey[]> {
  const keys = await readWhole(path, { mayCreate: false });
  if (keys.signing) return toKeys(keys.signing);
  await replaceKeyFile(path, { ...keys, signing: [newKey()] });
  return readSigningKeys(path);
}

function toKeys(keys: z.infer<typeof Keys>): SecretKey[] {
  return keys.map(({ id, key }) => ({ id, key: Buffer.from(key, "base64") }));
}

function newKey(): z.infer<typeof Keys>[number] {
  return { id: randomBytes(4).toString("hex"), key: randomBytes(KEY_BYTES).toString("base64") };
}

async function readWhole(
  path: string,
  { mayCreate = true }: { mayCreate?: boolean },
): Promise<z.infer<typeof KeyFile>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw unusable(path, `cannot be read (${error.code})`, error);
  });
  if (text === null && !mayCreate) throw missing(path);
  if (text === null) {
    await createKeyFile(path);
    return readWhole(path, { mayCreate: false });
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw unusable(path, "can be read by others; set its mode to 0600");
  const parsed = KeyFile.safeParse(jsonOf(text));
  if (!parsed.success) throw unusable(path, parsed.error.issues[0]?.message ?? "is not a key file");
  return parsed.data;
}

/** Written whole under another name, then linked: two processes starting at once end with one file. */
async function createKeyFile(path: string): Promise<void> {
  const draft = await writeDraft(path, { encryption: [newKey()], signing: [newKey()] });
  try {
    await link(draft, path);
  } catch (error) {
    // Another process made it first; its keys are as good as ours.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, "cannot be created", error);
  } finally {
    await unlink(draft);
  }
}

async function replaceKeyFile(path: string, keys: z.infer<typeof KeyFile>): Promise<void> {
  try {
    await rename(await writeDraft(path, keys), path);
  } catch (error) {
    throw unusable(path, "has no key that signs links, and cannot be written to add one", error);
  }
}

/** Written whole and to the disk beside the file, for its owner only. */
async function writeDraft(path: string, keys: z.infer<typeof KeyFile>): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all: the schema says so in words.
    return null;
  }
}

function missing(path: string): Fault {
  return new Fault(`There is no key file ${path}.`, {
    code: "keys.missing",
    publicMessage:
      `There is no key file ${path}, and this installation's credentials are sealed with one. Give this process the ` +
      "same file as the others, by USHER_KEYS_FILE, or put it back from where it was saved. Where it is lost for good, " +
      "`usher serve --forget-credentials` makes new keys, and each credential is then entered again.",
  });
}

function unusable(path: string, why: string, cause?: unknown): Fault {
  return new Fault(`The key file ${path} ${why}.`, {
    code: "keys.unusable",
    publicMessage: `The key file ${path} ${why}. Without it stored credentials cannot be used.`,
    cause,
  });
}
