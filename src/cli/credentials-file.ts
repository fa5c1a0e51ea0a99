import { mkdir, open, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CliFailure } from "./failure.ts";

const Stored = z.object({
  /** The server that `usher login` was last used for; `USHER_URL` comes before it. */
  url: z.string().nullable(),
  tokensByUrl: z.record(z.string(), z.string()),
});
export type StoredCredentials = z.infer<typeof Stored>;

const NONE: StoredCredentials = { url: null, tokensByUrl: {} };

export function credentialsPath(environment: Record<string, string | undefined>): string {
  const config = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), ".config");
  return join(config, "usher", "credentials.json");
}

/** What `usher login` kept; nothing where it was never used. */
export async function readCredentials(path: string): Promise<StoredCredentials> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return NONE;
    throw new CliFailure(`${path} cannot be read.`, {
      why: (thrown as NodeJS.ErrnoException).code ?? null,
      next: "Set USHER_TOKEN instead, or make the file readable for you.",
      cause: thrown,
    });
  }
  const parsed = Stored.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CliFailure(`${path} is not what \`usher login\` wrote.`, { next: "Remove it, then: usher login" });
}

/** Keeps the tokens where only this user may read them. Whole or not at all: a crash leaves the file as it was. */
export async function saveCredentials(path: string, credentials: StoredCredentials): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(credentials, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all is told in the same words as JSON of another shape.
    return null;
  }
}
