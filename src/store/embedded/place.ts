import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, lchown, lstat, mkdir, mkdtemp, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Log } from "../../lib/log.ts";
import { embeddedFault, errorCode, inWords } from "./faults.ts";
import type { OsUser } from "./os-users.ts";
import { ENVIRONMENT, asUser } from "./postmaster.ts";

const run = promisify(execFile);

/** Where the data go when PostgreSQL's user may not enter the asked directory: only root can write here. */
const SYSTEM_DIRECTORY = "/var/lib/usher";

/** macOS takes 104 bytes for a socket's path, Linux 108, each with a closing zero. */
const SOCKET_PATH_MAX = 103;

/**
 * The database's part of a data directory. `root` belongs to Node's user and nobody else may write there; the cluster
 * and the socket's directory in it belong to PostgreSQL's user and nobody else may enter.
 */
export interface Place {
  root: string;
  cluster: string;
  config: string;
  log: string;
}

/** What the data directory remembers of its database, written once the first start is complete. */
export interface InstallationRecord {
  /** PostgreSQL's own name of the cluster, made at random by initdb; as text, for it exceeds 2^53. */
  systemIdentifier: string;
  /** The place, which may lie outside the data directory. */
  place: string;
  /** The data directory itself: tells one that was moved or copied. */
  dataDir: string;
}

export function placeAt(root: string): Place {
  return { root, cluster: join(root, "cluster"), config: join(root, "config"), log: join(root, "postgres.log") };
}

const recordFile = (dataDir: string) => join(dataDir, "postgres.json");

export async function readRecord(dataDir: string): Promise<InstallationRecord | null> {
  try {
    return JSON.parse(await readFile(recordFile(dataDir), "utf8")) as InstallationRecord;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw inWords(error, recordFile(dataDir));
  }
}

export async function writeRecord(dataDir: string, record: InstallationRecord): Promise<void> {
  const temporary = `${recordFile(dataDir)}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(temporary, recordFile(dataDir));
}

/** The data directory, made if it is missing, without links in its path. One that is there keeps its mode. */
export async function makeDataDirectory(dataDir: string, node: OsUser): Promise<string> {
  try {
    const made = await makeDirectories(dataDir);
    if (made !== undefined) await chmod(dataDir, modeFor(node));
    return await realpath(dataDir);
  } catch (error) {
    throw inWords(error, dataDir);
  }
}

/** The place is in the data directory, or, where PostgreSQL's user may not enter that, below /var/lib/usher. */
export async function choosePlace(dataDir: string, node: OsUser, owner: OsUser, log: Log): Promise<string> {
  if (owner.uid === node.uid || (await mayEnter(dataDir, owner))) return join(dataDir, "postgres");
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const root = join(SYSTEM_DIRECTORY, hash);
  log.warn(
    { dataDir, place: root },
    `PostgreSQL's user ${owner.name} may not enter the data directory, so the database is kept at ${root}`,
  );
  return root;
}

export async function makePlace(root: string, node: OsUser): Promise<Place> {
  if (dirname(root) === SYSTEM_DIRECTORY) {
    if (await exists(SYSTEM_DIRECTORY)) await checkOwn(SYSTEM_DIRECTORY, node);
    else await makeOwn(SYSTEM_DIRECTORY, node);
  }
  return placeAt(await makeOwn(root, node));
}

export function isWithin(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

/** A file of Node's user that PostgreSQL's may read, whatever the umask; replaced in one step. */
export async function writeReadable(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, text);
  await chmod(temporary, 0o644);
  await rename(temporary, file);
}

/** A directory for the socket that only PostgreSQL's user (and root) may enter; `before` is where it was until now. */
export async function makeSocketDirectory(place: Place, owner: OsUser, before: string | null): Promise<string> {
  if (before !== null) return makeFor(before, owner);
  const asked = join(place.root, "socket");
  if (Buffer.byteLength(join(asked, ".s.PGSQL.5432.lock")) <= SOCKET_PATH_MAX) return makeFor(asked, owner);
  const short = await mkdtemp(join(tmpdir().length < 60 ? tmpdir() : "/tmp", "usher-"));
  return makeFor(short, owner);
}

/** A directory that only `owner` may enter. One that somebody else put there, or a link to one, is not handed over. */
export async function makeFor(directory: string, owner: OsUser): Promise<string> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) !== "EEXIST") throw error;
  });
  const found = await lstat(directory);
  if (!found.isDirectory() || (found.uid !== owner.uid && found.uid !== process.getuid?.()))
    throw embeddedFault("other-user", `${directory} belongs to another user. Remove it and start again.`);
  if (found.uid !== owner.uid) await lchown(directory, owner.uid, owner.gid);
  await chmod(directory, 0o700);
  return directory;
}

async function makeOwn(directory: string, node: OsUser): Promise<string> {
  try {
    await makeDirectories(directory);
    await checkOwn(directory, node);
    await chmod(directory, modeFor(node));
    return directory;
  } catch (error) {
    throw inWords(error, directory);
  }
}

/** Whoever can write in the place could swap the binaries or the rules of who may connect, also under root's hands. */
export async function checkOwn(directory: string, node: OsUser): Promise<void> {
  const { uid, mode } = await stat(directory);
  if (uid === node.uid && (mode & 0o022) === 0) return;
  throw embeddedFault(
    "other-user",
    `${directory} belongs to another user than ${node.name}, or others may write there. Start Usher as the user it was first started as.`,
  );
}

/** Root's own is passed through by PostgreSQL's user, so others may enter, but not look around. */
function modeFor(node: OsUser): number {
  return node.uid === 0 ? 0o711 : 0o700;
}

/** Asked of the system itself, as modes, access lists and mounts all have a say. */
async function mayEnter(directory: string, owner: OsUser): Promise<boolean> {
  return run("/bin/sh", ["-c", 'test -x "$0/."', directory], { ...asUser(owner), cwd: "/", env: ENVIRONMENT }).then(
    () => true,
    () => false,
  );
}

/** Answers the first directory that was made. Node calls a read-only file system ENOENT here; one step tells the truth. */
async function makeDirectories(directory: string): Promise<string | undefined> {
  try {
    return await mkdir(directory, { recursive: true });
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    let missing = directory;
    while (!(await exists(dirname(missing)))) missing = dirname(missing);
    await mkdir(missing);
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
