import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import type { Log } from "../../lib/log.ts";
import { embeddedFault } from "./faults.ts";

const run = promisify(execFile);

/** An account of the operating system, as `peer` authentication sees it. */
export interface OsUser {
  uid: number;
  gid: number;
  name: string;
}

/** What choosing a user asks of the system. */
export interface UserSystem {
  findUser(nameOrUid: string): Promise<OsUser | null>;
  isContainer(): boolean;
}

/** Whom Node runs as. PostgreSQL looks the name up for every connection, so a uid without one cannot be served. */
export function nodeUser(): OsUser {
  try {
    const { uid, gid, username } = userInfo();
    return { uid, gid, name: username };
  } catch (cause) {
    throw nameless(process.getuid?.() ?? -1, cause);
  }
}

/** Who may own a new cluster: PostgreSQL refuses to run as root, so root hands it to another user. */
export async function chooseClusterOwner(
  node: OsUser,
  log: Log,
  system: UserSystem = { findUser, isContainer },
): Promise<OsUser> {
  if (node.uid !== 0) return node;
  const chosen = (await system.findUser("usher")) ?? (await system.findUser("postgres"));
  if (chosen) return chosen;
  const nobody = system.isContainer() ? await system.findUser("nobody") : null;
  if (!nobody)
    throw embeddedFault(
      "no-user",
      "PostgreSQL does not run as root, and there is no user to run it under. Make one (useradd --system usher) or start Usher as an ordinary user.",
    );
  log.warn(
    { user: nobody.name },
    "PostgreSQL runs as nobody, as there is neither a user usher nor postgres in this container",
  );
  return nobody;
}

/** The owner of files that are there already. */
export async function getUserById(uid: number, node: OsUser): Promise<OsUser> {
  if (uid === node.uid) return node;
  const found = await findUser(String(uid));
  if (!found) throw nameless(uid);
  return found;
}

/** `id` asks the name service, so users of a directory are found as well as those of /etc/passwd. */
async function findUser(nameOrUid: string): Promise<OsUser | null> {
  try {
    const [uid, gid, name] = await Promise.all(
      ["-u", "-g", "-un"].map(async (flag) => (await run("id", [flag, nameOrUid])).stdout.trim()),
    );
    return { uid: Number(uid), gid: Number(gid), name: name! };
  } catch {
    // `id` fails when there is no such user, which is the answer.
    return null;
  }
}

function isContainer(): boolean {
  return (
    existsSync("/.dockerenv") ||
    existsSync("/run/.containerenv") ||
    process.env["KUBERNETES_SERVICE_HOST"] !== undefined ||
    process.env["container"] !== undefined
  );
}

function nameless(uid: number, cause?: unknown): Error {
  return embeddedFault(
    "nameless-user",
    `The user with uid ${uid} has no entry in /etc/passwd, and PostgreSQL refuses to run for it. Give the uid a name.`,
    cause,
  );
}
