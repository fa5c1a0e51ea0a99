import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { makeDataDir } from "../start-here.ts";

export const DEMO_SCALES = ["small", "medium", "large"] as const;
export type DemoScale = (typeof DEMO_SCALES)[number];

const Remembered = z.object({
  simulatorPort: z.int(),
  began: z.string(),
  token: z.string(),
});
type Remembered = z.infer<typeof Remembered>;

/** Where one demo lives, and what it must know again when it is started a second time. */
export interface DemoPlace {
  dataDir: string;
  scale: DemoScale;
  seed: number;
  /** 0 at the first start: any free one. */
  simulatorPort: number;
  /** The pretend company's "now" of the first start, as ISO text; null before it. The same day makes the same company. */
  began: string | null;
  /** Usher's first API token; null before it was told. */
  token: string | null;
}

export async function openPlace(
  environment: Record<string, string | undefined>,
  scale: DemoScale,
  seed: number,
): Promise<DemoPlace> {
  const root = environment.USHER_DATA || join(environment.XDG_DATA_HOME || join(homedir(), ".local", "share"), "usher");
  const dataDir = join(root, `demo-${scale}-${seed}`);
  const remembered = await readRemembered(dataDir);
  return { dataDir, scale, seed, simulatorPort: 0, began: null, token: null, ...remembered };
}

export async function rememberPlace({ dataDir, simulatorPort, began, token }: DemoPlace): Promise<void> {
  await makeDataDir(dataDir);
  const file = fileOf(dataDir);
  // The token opens a pretend company only, and still nobody else's business.
  await writeFile(`${file}.new`, `${JSON.stringify({ simulatorPort, began, token }, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(`${file}.new`, file);
}

/** Takes away what an earlier demo left, its database included where that lies elsewhere. */
export async function clearPlace({ dataDir }: DemoPlace): Promise<void> {
  const elsewhere = await databasePlace(dataDir);
  await rm(dataDir, { recursive: true, force: true });
  if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
}

/** Where root keeps the database of a data folder that PostgreSQL's own user may not enter. */
async function databasePlace(dataDir: string): Promise<string | null> {
  const record = z
    .object({ place: z.string().startsWith("/var/lib/usher/"), dataDir: z.string() })
    .safeParse(await readJson(join(dataDir, "postgres.json")));
  return record.success && record.data.dataDir === dataDir ? record.data.place : null;
}

async function readRemembered(dataDir: string): Promise<Remembered | null> {
  const parsed = Remembered.safeParse(await readJson(fileOf(dataDir)));
  return parsed.success ? parsed.data : null;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    // Not there, or cut off in the middle: the demo begins anew.
    return null;
  }
}

function fileOf(dataDir: string): string {
  return join(dataDir, "demo.json");
}
