import { rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { findPackage, installBinaries, type PostgresPackage } from "./binaries.ts";
import { createCluster, readMajorVersion, readSystemIdentifier } from "./cluster.ts";
import { embeddedFault, errorCode, inWords } from "./faults.ts";
import { chooseClusterOwner, type OsUser } from "./os-users.ts";
import { checkOwn, choosePlace, isWithin, makePlace, placeAt, readRecord, writeRecord, type Place } from "./place.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

export interface InstallationOptions {
  /** Absolute, and without links in its path. */
  dataDir: string;
  /** Whom Node runs as. */
  node: OsUser;
  durable: boolean;
  /** Where PostgreSQL is taken from; when left out, the package installed for this system. */
  from: PostgresPackage | undefined;
}

/** A cluster that exists, and whose it is. */
export interface Installation extends InstallationOptions {
  place: Place;
  /** Whom PostgreSQL runs as. */
  ownerUid: number;
  systemIdentifier: string;
}

/** The cluster of a data directory, created at the first start. Repeats a first start that was killed half-way. */
export async function openInstallation(options: InstallationOptions, log: Log): Promise<Installation> {
  const { dataDir, node } = options;
  const record = await readRecord(dataDir);
  if (!record) return create(options, log);

  const place = placeAt(await followMove(dataDir, record.dataDir, record.place));
  const ownerUid = await findClusterOwner(place);
  if (ownerUid === null)
    throw embeddedFault(
      "missing-cluster",
      `The database of ${dataDir} should be in ${place.cluster}, and is not there. Is a disk not mounted? To begin anew, remove ${dataDir}/postgres.json.`,
    );
  await checkOwn(place.root, node);
  if (place.root !== record.place) await writeRecord(dataDir, { ...record, place: place.root, dataDir });
  return { ...options, place, ownerUid, systemIdentifier: record.systemIdentifier };
}

/** The place's own copy of PostgreSQL's binaries, made when it is not there yet. */
export async function ensureBinaries({ from, durable }: InstallationOptions, place: Place): Promise<string> {
  const found = from ?? (await findPackage());
  try {
    return await installBinaries(found, place.root, { durable });
  } catch (error) {
    throw inWords(error, place.root);
  }
}

/** Refuses a cluster that another major version or another installation wrote, before a server touches it. */
export async function checkCluster({ place, systemIdentifier, from }: Installation): Promise<void> {
  if ((await readSystemIdentifier(place.cluster)) !== systemIdentifier) throw foreign(place.cluster);
  const clusterMajor = await readMajorVersion(place.cluster);
  const ourMajor = (from ?? (await findPackage())).version.split(".")[0];
  if (clusterMajor !== ourMajor)
    throw embeddedFault(
      "other-version",
      `The database in ${place.cluster} was written by PostgreSQL ${clusterMajor}, and this Usher comes with ${ourMajor}. Export it with the Usher that wrote it and import it here.`,
    );
}

export function foreign(cluster: string): Error {
  return embeddedFault(
    "foreign-cluster",
    `The database in ${cluster} is not the one this data directory was first started with, so it is left alone. Put the right one back, or remove postgres.json from the data directory if this one is meant.`,
  );
}

/** A cluster without a record is one whose first start was killed between the two, and as good as new. */
async function create(options: InstallationOptions, log: Log): Promise<Installation> {
  const { dataDir, node, durable } = options;
  const owner = await chooseClusterOwner(node, log);
  const root = await choosePlace(dataDir, node, owner, log);
  if (!isWithin(root, dataDir)) await setAside(placeAt(root), log);
  const place = await makePlace(root, node);
  if ((await findClusterOwner(place)) === null)
    await createCluster(place, await ensureBinaries(options, place), owner, durable);
  const ownerUid = (await findClusterOwner(place)) ?? owner.uid;
  const systemIdentifier = await readSystemIdentifier(place.cluster);
  await writeRecord(dataDir, { systemIdentifier, place: place.root, dataDir });
  if (!isWithin(place.root, dataDir)) await writeFile(completed(place), `${dataDir}\n`);
  return { ...options, place, ownerUid, systemIdentifier };
}

/**
 * A data directory that was removed leaves the database that was kept elsewhere for it. Whoever begins anew does not want
 * it back, and perhaps does later.
 */
async function setAside(place: Place, log: Log, clock: Clock = systemClock): Promise<void> {
  const finishedAt = await stat(completed(place)).catch(() => null);
  if (!finishedAt) return;
  const living = await findPostmaster(place.cluster);
  if (living) await stopPostmaster(place.cluster, living.pid, clock);
  const aside = `${place.root}.removed-${finishedAt.mtimeMs.toFixed(0)}`;
  await rename(place.root, aside);
  log.warn({ aside }, "the data directory was removed, so its database, which was kept elsewhere, is set aside");
}

/** Written when the first start of a database that is kept outside its data directory is complete. */
function completed(place: Place): string {
  return join(place.root, "data-directory");
}

/** A database inside its data directory moves with it; one outside does not, lest a copy should share it. */
async function followMove(dataDir: string, recordedDir: string, recordedPlace: string): Promise<string> {
  if (recordedDir === dataDir) return recordedPlace;
  if (isWithin(recordedPlace, recordedDir)) return dataDir + recordedPlace.slice(recordedDir.length);
  throw embeddedFault(
    "moved",
    `${dataDir} was copied or moved from ${recordedDir}, and its database is kept at ${recordedPlace}. Put it back, or, to begin anew, remove ${dataDir}/postgres.json.`,
  );
}

async function findClusterOwner(place: Place): Promise<number | null> {
  try {
    return (await stat(place.cluster)).uid;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw inWords(error, place.cluster);
  }
}
