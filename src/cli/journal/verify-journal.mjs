#!/usr/bin/env node
// Verifies a journal that was exported from Usher. It needs Node 20 or newer and nothing else: no Usher, no package.
//
//   node verify-journal.mjs EXPORT.jsonl [--checkpoints FILE] [--key PUBLIC_KEY]...
//
//   --checkpoints FILE   checkpoints that were kept apart from the database, one JSON object a line, as Usher writes
//                        them into journal-checkpoints.jsonl; without it, only that the export agrees with itself is shown
//   --key PUBLIC_KEY     a key that may sign (base64, as in a checkpoint); without it, the key that signed is only named
//
// Exit code 0: nothing was altered, reordered, removed or cut off, as far as it can be proved. 1: something was. 2: it
// was called in a wrong way.
import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const GENESIS_HASH = "0".repeat(64);
/** SPKI of an Ed25519 public key is this and its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

class Broken extends Error {}

const options = readArguments(process.argv.slice(2));
try {
  const outside = options.checkpoints === null ? [] : readCheckpoints(options.checkpoints);
  const found = await verifyExport(options.file, outside);
  report(found, outside);
} catch (error) {
  if (!(error instanceof Broken)) throw error;
  console.log(`BROKEN: ${error.message}`);
  process.exitCode = 1;
}

function readArguments(given) {
  const read = { file: null, checkpoints: null, keys: [] };
  for (let index = 0; index < given.length; index += 1) {
    const each = given[index];
    if (each === "--checkpoints") read.checkpoints = given[(index += 1)] ?? usage();
    else if (each === "--key") read.keys.push(given[(index += 1)] ?? usage());
    else if (each.startsWith("-") || read.file !== null) usage();
    else read.file = each;
  }
  return read.file === null ? usage() : read;
}

function usage() {
  console.error("usage: node verify-journal.mjs EXPORT.jsonl [--checkpoints FILE] [--key PUBLIC_KEY]...");
  process.exit(2);
}

function readCheckpoints(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const checkpoint = parse(line, `line ${index + 1} of ${file}`);
    if (!isSigned(checkpoint)) throw new Broken(`the signature on line ${index + 1} of ${file} is not right.`);
    return [checkpoint];
  });
}

async function verifyExport(file, outside) {
  const outsideBySeq = Map.groupBy ? Map.groupBy(outside, (each) => each.seq) : groupBySeq(outside);
  let seq = 0;
  let hash = GENESIS_HASH;
  let header = null;
  let end = null;
  let number = 0;
  const inside = [];
  const hashBySeq = new Map();
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line === "") continue;
    const each = parse(line, `line ${number}`);
    if (end !== null) throw new Broken(`line ${number} comes after the end.`);
    if (header === null) {
      if (each.type !== "usher-journal" || each.version !== 1) throw new Broken("this is not an export of a journal.");
      header = each;
    } else if (each.type === "entry") {
      if (inside.length > 0) throw new Broken(`entry ${each.seq} comes after a checkpoint.`);
      checkEntry(each, seq, hash, outsideBySeq);
      [seq, hash] = [each.seq, each.hash];
      hashBySeq.set(seq, hash);
    } else if (each.type === "checkpoint") inside.push(each);
    else if (each.type === "end") end = each;
    else throw new Broken(`line ${number} is of no kind that an export has.`);
  }
  if (header === null) throw new Broken("the file is empty.");
  if (end === null) throw new Broken("the file was cut off: its last line is missing.");
  if (end.entries !== seq || header.head.seq !== seq || header.head.hash !== hash) {
    throw new Broken(`entries were removed at the end: the file says there were ${header.head.seq}, and has ${seq}.`);
  }
  if (end.checkpoints !== inside.length) throw new Broken("checkpoints were removed from the file or added to it.");
  for (const each of inside) checkCheckpoint(each, hashBySeq);
  const later = outside.find((each) => each.seq > seq && Date.parse(each.at) <= Date.parse(header.exportedAt));
  if (later)
    throw new Broken(`the checkpoint at entry ${later.seq} of ${later.at} says there were more entries than ${seq}.`);
  return { seq, header, inside };
}

function groupBySeq(checkpoints) {
  const groups = new Map();
  for (const each of checkpoints) groups.set(each.seq, [...(groups.get(each.seq) ?? []), each]);
  return groups;
}

function checkEntry(each, seq, hash, outsideBySeq) {
  if (each.seq !== seq + 1) throw new Broken(`entry ${seq + 1} is missing: ${each.seq} stands in its place.`);
  if (each.previousHash !== hash) throw new Broken(`entry ${each.seq} does not follow from the one before it.`);
  const { actorId, at, detail, entry, personalHash, previousHash, subjectId, through } = each;
  const text = canonical({ actorId, at, detail, entry, personalHash, previousHash, seq: each.seq, subjectId, through });
  if (sha256(text) !== each.hash) throw new Broken(`entry ${each.seq} was altered after it was written.`);
  const { personal } = each;
  if (personal && sha256(personal.salt + personal.content) !== personalHash) {
    throw new Broken(`the personal part of entry ${each.seq} was altered.`);
  }
  const denied = (outsideBySeq.get(each.seq) ?? []).find((checkpoint) => checkpoint.hash !== each.hash);
  if (denied)
    throw new Broken(`an entry up to ${each.seq} was changed after the checkpoint of ${denied.at} was signed.`);
}

function checkCheckpoint(checkpoint, hashBySeq) {
  const { seq, hash } = checkpoint;
  if (!isSigned(checkpoint)) throw new Broken(`the signature of the checkpoint at entry ${seq} is not right.`);
  if (hashBySeq.get(seq) !== hash) throw new Broken(`the checkpoint at entry ${seq} is not of this journal.`);
}

function isSigned({ seq, hash, at, keyId, publicKey, signature }) {
  const raw = Buffer.from(String(publicKey), "base64");
  if (raw.length !== 32 || Number.isNaN(Date.parse(at))) return false;
  const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI, raw]), format: "der", type: "spki" });
  const text = `usher journal checkpoint v1\n${seq}\n${hash}\n${new Date(at).toISOString()}\n${keyId}`;
  return verify(null, Buffer.from(text, "utf8"), key, Buffer.from(String(signature), "base64"));
}

function report({ seq, inside }, outside) {
  const newest = outside.filter((each) => each.seq <= seq).sort((one, other) => other.seq - one.seq)[0] ?? null;
  const signing = newest ?? inside.at(-1) ?? null;
  if (signing && options.keys.length > 0 && !options.keys.includes(signing.publicKey)) {
    throw new Broken(`the newest checkpoint, at entry ${signing.seq}, is signed by another key: ${signing.publicKey}.`);
  }
  console.log(
    `INTACT: ${seq} entries follow from each other; ${inside.length} checkpoints in the file agree with them.`,
  );
  if (newest) {
    console.log(
      `PROVED up to entry ${newest.seq}: it agrees with the checkpoint of ${newest.at} in ${options.checkpoints}.`,
    );
  } else if (signing && options.keys.length > 0) {
    console.log(`PROVED up to entry ${signing.seq}: the checkpoint of ${signing.at} is signed by a key you gave.`);
  } else {
    console.log("NOT PROVED against whoever could make the whole file anew: give --checkpoints or --key.");
  }
  // When the export was made is only what the file itself says.
  const later = outside.filter((each) => each.seq > seq).sort((one, other) => other.seq - one.seq)[0];
  if (later) {
    console.log(
      `NOT IN THIS FILE: entries ${seq + 1} to ${later.seq}, which the checkpoint of ${later.at} knows; the file says that it was made before.`,
    );
  }
  if (signing) console.log(`Signed by key ${signing.keyId}: ${signing.publicKey}`);
}

function parse(line, where) {
  try {
    const read = JSON.parse(line);
    if (typeof read === "object" && read !== null) return read;
  } catch {
    // Not JSON: said below.
  }
  throw new Broken(`${where} cannot be read: the file was cut off or altered there.`);
}

/** JSON with sorted keys and no spaces. */
function canonical(value) {
  return JSON.stringify(sorted(value));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
