// The floor of a sync: the run's own requests, known in advance, fetched at the same concurrency, parsed, and nothing kept.
// node bench/floor.ts REQUESTS.json CONCURRENCY → one JSON line on standard output.
import { readFile } from "node:fs/promises";

export interface RecordedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

const [file = "", concurrency = "8"] = process.argv.slice(2);
const requests = JSON.parse(await readFile(file, "utf8")) as RecordedRequest[];
const startedAt = performance.now();
let next = 0;
let bytes = 0;

async function worker(): Promise<void> {
  for (;;) {
    const request = requests[next];
    next += 1;
    if (!request) return;
    const { method, url, headers, body } = request;
    const answer = await fetch(url, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${url} answered ${answer.status}`);
    bytes += text.length;
    if (text.startsWith("{") || text.startsWith("[")) JSON.parse(text);
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, worker));
const cpu = process.cpuUsage();
console.log(
  JSON.stringify({
    tookMs: performance.now() - startedAt,
    requests: requests.length,
    bytes,
    cpuMs: (cpu.user + cpu.system) / 1000,
  }),
);
