import type { Colors } from "../output/colors.ts";
import { formatDuration } from "../output/format.ts";
import { siteLines } from "../overview/site-lines.ts";
import type { DemoFacts } from "./facts.ts";

export interface ReportOptions {
  colors: Colors;
  now: Date;
  widthMax: number;
  url: string;
  docsUrl: string;
  token: string;
  tookMs: number;
  /** False with `--once`: nothing can be asked afterwards. */
  isServing: boolean;
}

/** What a license manager wants to know of each site, in nine lines, and where to ask more: two fill a small terminal. */
export function reportLines(facts: DemoFacts, options: ReportOptions): string[] {
  const { tookMs } = options;
  const sites = facts.sites.flatMap((site, index) => {
    const lines = siteLines(site, { ...options, idleAfterDays: facts.idleAfterDays });
    return index === 0 ? lines : ["", ...lines];
  });
  const took = `Told after ${formatDuration(tookMs)}.`;
  const footer = options.isServing ? servingLines(options) : [`${took} Without --once it goes on serving.`];
  return [...sites, "", ...footer];
}

function servingLines({ url, docsUrl, token, tookMs }: ReportOptions): string[] {
  return [
    `API ${url}/api/v1 · documentation ${docsUrl} · told after ${formatDuration(tookMs)} · Ctrl-C ends it`,
    "In another shell:",
    `  export USHER_URL=${url} USHER_TOKEN=${token}`,
    "  npx usher people list --filter status=idle",
  ];
}
