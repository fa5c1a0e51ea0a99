import { execFile } from "node:child_process";
import { chmod, mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { embeddedFault, errorCode, inWords } from "./faults.ts";
import type { OsUser } from "./os-users.ts";
import { makeFor, type Place, writeReadable } from "./place.ts";
import { ENVIRONMENT, asUser, clusterName, isAlive } from "./postmaster.ts";
import { ROLE, hbaConf, identConf, postgresqlConf } from "./settings.ts";

const run = promisify(execFile);

/** A first start takes 0.6 s here; a slow disk may take its time, but not for ever. */
const INITDB_TIMEOUT_MS = 300_000;

/**
 * Creates the cluster beside its place and renames it there, so that a cluster that is there is complete, whenever Node
 * was killed. Two that start at once both create one; the rename of the second fails and the first one's is used.
 */
export async function createCluster(place: Place, binaries: string, owner: OsUser, durable: boolean): Promise<void> {
  await removeLeftovers(place);
  const temporary = await makeFor(join(place.root, `cluster.new-${process.pid}`), owner);
  try {
    await run(
      join(binaries, "bin/initdb"),
      [
        "--pgdata",
        temporary,
        "--username",
        ROLE,
        "--auth=peer",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        ...(durable ? [] : ["--no-sync"]),
      ],
      { ...asUser(owner), cwd: "/", env: ENVIRONMENT, timeout: INITDB_TIMEOUT_MS },
    );
    await rename(temporary, place.cluster);
    if (durable) await syncDirectory(place.root);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(errorCode(error))) throw inWords(error, place.root);
  }
}

/** The new name must survive a power cut before anybody relies on it. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory);
  await handle.sync();
  await handle.close();
}

/** What a start that was killed half-way left behind. */
async function removeLeftovers(place: Place): Promise<void> {
  for (const name of await readdir(place.root)) {
    const pid = Number(/\.new-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || !isAlive(pid)))
      await rm(join(place.root, name), { recursive: true, force: true });
  }
}

/** Written at each start, by Node's user, so that PostgreSQL's can neither change who may connect nor how. */
export async function writeSettings(
  place: Place,
  socketDirectory: string,
  node: OsUser,
  owner: OsUser,
  durable: boolean,
): Promise<string> {
  await mkdir(place.config, { recursive: true });
  await chmod(place.config, 0o755);
  const [configFile, hbaFile, identFile] = ["postgresql.conf", "pg_hba.conf", "pg_ident.conf"].map((name) =>
    join(place.config, name),
  ) as [string, string, string];
  await writeReadable(
    configFile,
    postgresqlConf({ clusterName: clusterName(place.cluster), socketDirectory, hbaFile, identFile, durable }),
  );
  await writeReadable(hbaFile, hbaConf());
  await writeReadable(identFile, identConf(node, owner));
  return configFile;
}

/**
 * The name initdb gave the cluster: the first eight bytes of `global/pg_control`, in the machine's byte order, which is
 * little-endian on all platforms the packages exist for. PostgreSQL, "src/include/catalog/pg_control.h".
 */
export async function readSystemIdentifier(cluster: string): Promise<string> {
  const file = await open(join(cluster, "global/pg_control"));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    if (bytesRead < 8) throw embeddedFault("damaged", `${cluster}/global/pg_control is damaged.`);
    return buffer.readBigUInt64LE().toString();
  } finally {
    await file.close();
  }
}

/** The major version that wrote the cluster; no other can read it. */
export async function readMajorVersion(cluster: string): Promise<string> {
  return (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
}
