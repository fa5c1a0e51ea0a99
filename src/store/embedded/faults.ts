import { Fault, messageOf } from "../../lib/errors.ts";

/** What every fault of the embedded database ends with: there is always the other way. */
const OTHERWISE = "Or set DATABASE_URL to a PostgreSQL of your own (15 or newer).";

/** A reason why the embedded PostgreSQL cannot run, told to the person at the terminal, who can do something about it. */
export function embeddedFault(code: string, words: string, cause?: unknown): Fault {
  const detail = cause === undefined ? "" : ` (${messageOf(cause)})`;
  return new Fault(`${words}${detail}`, {
    code: `embedded-postgres.${code}`,
    publicMessage: `${words} ${OTHERWISE}`,
    cause,
  });
}

/**
 * Turns what the system or PostgreSQL said about a path into words. PostgreSQL only writes text, so its log is searched
 * for the messages of strerror(3), which are the same with LC_MESSAGES=C on Linux and macOS.
 */
export function inWords(cause: unknown, path: string): Fault {
  if (cause instanceof Fault) return cause;
  const text = `${errorCode(cause)} ${messageOf(cause)}`;
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/.test(text))
    return embeddedFault(
      "disk-full",
      `The disk that holds ${path} is full. Make room and start again; nothing is lost.`,
      cause,
    );
  if (/EROFS|Read-only file system/.test(text))
    return embeddedFault(
      "read-only",
      `${path} is on a read-only file system. Set USHER_DATA to a directory that can be written.`,
      cause,
    );
  if (/spawn \S+ EACCES/.test(text))
    return embeddedFault(
      "no-execution",
      `Programs may not be started from ${path}: its file system is mounted noexec. Set USHER_DATA to another one.`,
      cause,
    );
  if (/spawn \S+ EPERM|EPERM.*chown/.test(text))
    return embeddedFault(
      "no-other-user",
      "Root may not hand files and programs to another user here. Start Usher as an ordinary user.",
      cause,
    );
  if (/EACCES|EPERM|Permission denied|Operation not permitted/.test(text))
    return embeddedFault(
      "no-permission",
      `This user may not read and write ${path}. Set USHER_DATA to a directory of this user.`,
      cause,
    );
  if (/ENOTDIR|Not a directory/.test(text))
    return embeddedFault("not-a-directory", `${path} is not a directory. Set USHER_DATA to a directory.`, cause);
  return embeddedFault("failed", `The embedded PostgreSQL in ${path} could not be started.`, cause);
}

/** The code of a system error (`ENOENT`) or of PostgreSQL (`57P03`), empty when there is none. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}
