import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import { type Browser, chromium } from "playwright-core";

const PACKAGE = fileURLToPath(new URL("../../node_modules/@sparticuz/chromium/", import.meta.url));
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));

/**
 * A headless Chromium from npm, unpacked once (3 s) beside the packages; `CHROME_PATH` names another. Its own argument list
 * is for a sandboxed cloud function and switches web security off, so it is not used.
 */
export async function launchChromium(): Promise<Browser> {
  const given = process.env["CHROME_PATH"];
  if (given) return chromium.launch({ executablePath: given, args: ["--no-sandbox"] });

  const folder = await unpacked();
  const libraries = [join(folder, "al2023", "lib"), process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(delimiter);
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: ["--no-sandbox"],
    env: hasLibrary("libnss3.so") ? definedEnvironment() : { ...definedEnvironment(), LD_LIBRARY_PATH: libraries },
  });
}

async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8")) as { version: string };
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  // Unpacked under another name and renamed, so that a folder that is there is whole.
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  await pipeline(
    createReadStream(join(PACKAGE, "bin", "chromium.br")),
    createBrotliDecompress(),
    createWriteStream(join(draft, "chromium"), { mode: 0o755 }),
  );
  await unpackTar(join(PACKAGE, "bin", "al2023.tar.br"), join(draft, "al2023"));
  await unpackTar(join(PACKAGE, "bin", "swiftshader.tar.br"), draft);
  await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await rm(draft, { recursive: true });
  });
  return folder;
}

async function unpackTar(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // By way of a file: tar stops reading a pipe at the archive's end mark, and what is still coming then has nowhere to go.
  const plain = `${folder}.tar`;
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(plain));
  const tar = spawn("tar", ["-x", "-f", plain, "-C", folder], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => tar.once("close", resolve).once("error", reject));
  await rm(plain);
  if (code !== 0) throw new Error(`tar ended with ${code} on ${archive}.`);
}

function hasLibrary(name: string): boolean {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].some((folder) =>
    existsSync(join(folder, name)),
  );
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
