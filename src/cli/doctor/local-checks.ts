import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { WireOf } from "../../api/contract.ts";
import type { getDoctor } from "../../api/doctor.ts";
import { Fault } from "../../lib/errors.ts";
import { readKeyFile } from "../../lib/key-file.ts";
import type { Settings } from "../../lib/settings.ts";

export type Check = WireOf<typeof getDoctor>["checks"][number];

/** The Node that Usher brings, and is tested with; older ones lack what it needs of TypeScript. */
const NODE_MAJOR_MIN = 24;
const FREE_BYTES_WARN = 2_000_000_000;
const FREE_BYTES_BAD = 300_000_000;

/** What can be looked at on this machine without a server. */
export async function checkMachine(settings: Settings, nodeVersion: string): Promise<Check[]> {
  return [checkNode(nodeVersion), await checkDataDir(settings), await checkKeys(settings)];
}

function checkNode(version: string): Check {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  if (major >= NODE_MAJOR_MIN) return { name: "node", verdict: "ok", says: `Node ${version}.`, fix: null };
  const fix = "Start it by `npx usher` or `npm start`: they bring their own Node.";
  return { name: "node", verdict: "bad", says: `Node ${version} is too old.`, fix };
}

async function checkDataDir({ dataDir, databaseUrl }: Settings): Promise<Check> {
  const name = "data";
  const found = await nearestThere(dataDir);
  const isThere = found === dataDir;
  try {
    await access(found, constants.W_OK | constants.X_OK);
  } catch {
    // Whatever the system's reason, this user may not write there.
    const fix = `Let this user write to ${found}, or choose another folder with USHER_DATA.`;
    return { name, verdict: "bad", says: `${found} cannot be written to.`, fix };
  }
  const { bavail, bsize } = await statfs(found);
  const free = bavail * bsize;
  const says = `${dataDir}${isThere ? "" : " (not made yet)"}, ${Math.floor(free / 1_000_000).toLocaleString("en-US")} MB free.`;
  const fix = "Make room on that disk: a database that cannot write stops.";
  // With a database of its own elsewhere, little more than a log is written here.
  if (free < FREE_BYTES_BAD && databaseUrl === null) return { name, verdict: "bad", says, fix };
  if (free < FREE_BYTES_WARN) return { name, verdict: "warn", says, fix };
  return { name, verdict: "ok", says, fix: null };
}

async function checkKeys({ keysFile }: Settings): Promise<Check> {
  const name = "keys";
  try {
    const keys = await readKeyFile(keysFile, { mayCreate: false });
    const says = `${keysFile} holds ${keys.length} ${keys.length === 1 ? "key" : "keys"}, for this user alone.`;
    return { name, verdict: "ok", says, fix: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code !== "keys.missing") {
      return {
        name,
        verdict: "bad",
        says: error.publicMessage,
        fix: `chmod 600 ${keysFile}, or put back the right file.`,
      };
    }
    const fix = "The first start makes it. Where there was one, put it back before you start.";
    return { name, verdict: "warn", says: `There is no key file ${keysFile}.`, fix };
  }
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestThere(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  const above = dirname(folder);
  return isThere || above === folder ? folder : nearestThere(above);
}
