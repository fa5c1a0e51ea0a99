import { readFile, rename, stat, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { writeSettings } from "./cluster.ts";
import { embeddedFault, inWords } from "./faults.ts";
import { checkCluster, ensureBinaries, foreign, type Installation } from "./installation.ts";
import { getUserById } from "./os-users.ts";
import { makeSocketDirectory } from "./place.ts";
import {
  findPostmaster,
  isTaken,
  listProcesses,
  signal,
  spawnPostmaster,
  type StartedPostmaster,
} from "./postmaster.ts";
import { askServer, type ServerAnswer } from "./server.ts";
import { PORT } from "./settings.ts";

/** A server that takes connections and is the right one. */
export interface LivingServer {
  pid: number;
  socketDirectory: string;
  version: string;
  adopted: boolean;
  /** Resolves, with words on how, when the server is gone; null when it is not our child. */
  ended: Promise<string> | null;
}

/** Recovery after a crash replays at most `max_wal_size`; ten minutes is past any disk that still works. */
const READY_TIMEOUT_MS = 600_000;
const POLL_MS = 10;

/** A server killed a moment ago keeps its shared memory until its last process has noticed, so the next may fail. */
const ATTEMPTS_MAX = 6;
const BACKOFF_MS = 150;

const ORPHANS_TIMEOUT_MS = 5000;

const LOG_MAX_BYTES = 10_000_000;

/** Less than one WAL segment: PostgreSQL cannot go on. */
const DISK_FREE_MIN_BYTES = 16 * 1024 * 1024;

/**
 * Finds the living server of an installation or starts one, and waits until it takes connections. `before` is the
 * server that died, whose socket's place is kept, as everybody who connects knows it.
 */
export async function bringUp(
  installation: Installation,
  clock: Clock,
  log: Log,
  before: LivingServer | null = null,
): Promise<LivingServer> {
  const { place } = installation;
  let own: StartedPostmaster | null = null;
  let ending: string | null = null;
  let logOffset = 0;
  let attempts = 0;

  for (let waited = 0; waited < READY_TIMEOUT_MS; waited += POLL_MS) {
    const living = await findPostmaster(place.cluster);
    const answer = living && (await ask(living.socketDirectory, place.root));
    if (living && answer) {
      if (answer.systemIdentifier !== installation.systemIdentifier || answer.dataDirectory !== place.cluster)
        throw foreign(place.cluster);
      const adopted = living.pid !== own?.pid;
      return { ...living, version: answer.version, adopted, ended: adopted || !own ? null : own.ended };
    }

    if (own && ending !== null) {
      const said = await readLogSince(place.log, logOffset);
      log.warn({ ending, said }, "PostgreSQL ended while it was starting");
      if (++attempts >= ATTEMPTS_MAX || isHopeless(said)) throw await reasonOf(said || ending, place.root);
      own = null;
      await clock.sleep(BACKOFF_MS * attempts);
    }
    if (!living && !own) {
      logOffset = await rotateLog(place.log);
      ending = null;
      own = await start(installation, clock, before?.socketDirectory ?? null);
      void own.ended.then((how) => {
        ending = how;
      });
    }
    await clock.sleep(POLL_MS);
  }
  throw embeddedFault(
    "not-ready",
    `PostgreSQL did not become ready within ${READY_TIMEOUT_MS / 60_000} minutes; see ${place.log}.`,
  );
}

async function ask(socketDirectory: string, root: string): Promise<ServerAnswer | null> {
  try {
    return await askServer(socketDirectory);
  } catch (error) {
    throw inWords(error, root);
  }
}

async function start(
  installation: Installation,
  clock: Clock,
  socketBefore: string | null,
): Promise<StartedPostmaster> {
  const { place, node, ownerUid, durable } = installation;
  try {
    await checkCluster(installation);
    const owner = await getUserById(ownerUid, node);
    const binaries = await ensureBinaries(installation, place);
    const socketDirectory = await makeSocketDirectory(place, owner, socketBefore);
    const configFile = await writeSettings(place, socketDirectory, node, owner, durable);
    await endOrphans(place.cluster, clock);
    await removeStaleLocks(place.cluster, socketDirectory);
    return spawnPostmaster({ binaries, cluster: place.cluster, configFile, logFile: place.log, owner });
  } catch (error) {
    throw inWords(error, place.root);
  }
}

/**
 * Sessions whose server was killed go on with their statement to the end, and no new server may start before. What they
 * do is already lost; PostgreSQL's manual ("Starting the Database Server") asks to end them.
 */
async function endOrphans(cluster: string, clock: Clock): Promise<void> {
  for (let waited = 0; waited < ORPHANS_TIMEOUT_MS; waited += POLL_MS) {
    const orphans = (await listProcesses(cluster))?.orphans ?? [];
    if (orphans.length === 0) return;
    for (const pid of orphans) signal(pid, "SIGQUIT");
    await clock.sleep(POLL_MS);
  }
}

/**
 * PostgreSQL takes over the lock files of a server that died, but not while the pid in them is taken: by a dead process
 * that nobody buries (a container without an init), or, after a reboot, by another program. Such files go only when the
 * system shows that nobody has the cluster open.
 */
async function removeStaleLocks(cluster: string, socketDirectory: string): Promise<void> {
  for (const file of [join(cluster, "postmaster.pid"), join(socketDirectory, `.s.PGSQL.${PORT}.lock`)]) {
    const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
    if (Number.isNaN(pid) || !isTaken(pid)) continue;
    const living = await listProcesses(cluster);
    if (living?.servers.length !== 0 || living.orphans.length > 0) return;
    await unlink(file).catch(() => undefined);
  }
}

/** A full disk may have no room for the words that would say so. */
async function reasonOf(said: string, root: string): Promise<Error> {
  const { bavail, bsize } = await statfs(root);
  return inWords(new Error(bavail * bsize < DISK_FREE_MIN_BYTES ? `No space left on device. ${said}` : said), root);
}

/** These do not go away by trying again. */
function isHopeless(said: string): boolean {
  return /No space left|Read-only file system|Permission denied|Disk quota|database files are incompatible/.test(said);
}

/** Keeps one old log file; answers where the new server's words will begin. */
async function rotateLog(file: string): Promise<number> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LOG_MAX_BYTES) return size;
  await rename(file, `${file}.1`);
  return 0;
}

async function readLogSince(file: string, offset: number): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(offset).toString().slice(-4000).trim();
}
