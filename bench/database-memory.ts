import { readdir, readFile } from "node:fs/promises";

const SAMPLE_MS = 250;

/**
 * Watches what the PostgreSQL of a data directory takes: the proportional set size (PSS, proc(5)) of all its processes
 * together, so that shared memory counts once. Gives the highest sum seen, in bytes; Linux only.
 */
export function watchDatabaseMemory(dataDir: string): { stop(): Promise<number> } {
  let peak = 0;
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      peak = Math.max(peak, await pssOf(await processesOf(dataDir)));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      return peak;
    },
  };
}

/** The postmaster is the one whose command line names the data; the others are its children. */
async function processesOf(dataDir: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const known = await Promise.all(
    pids.map(async (pid) => ({
      pid,
      command: await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
      parent: parentIn(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
    })),
  );
  const postmaster = known.find(({ command }) => command.includes("postgres") && command.includes(dataDir));
  if (!postmaster) return [];
  return known.filter(({ pid, parent }) => pid === postmaster.pid || parent === postmaster.pid).map(({ pid }) => pid);
}

function parentIn(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
}

async function pssOf(pids: readonly string[]): Promise<number> {
  const texts = await Promise.all(
    // A backend that ended meanwhile has none.
    pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "")),
  );
  return texts.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024, 0);
}
