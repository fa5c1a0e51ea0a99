import type { Colors } from "../output/colors.ts";
import { counted, formatDuration, formatNumber } from "../output/format.ts";
import { siteLines } from "../overview/site-lines.ts";
import type { DemoFacts } from "./facts.ts";

export interface ReportOptions {
  colors: Colors;
  now: Date;
  widthMax: number;
  url: string;
  /** Signs in, once. */
  signInUrl: string;
  docsUrl: string;
  token: string;
  tookMs: number;
  /** False with `--once`: nothing can be asked afterwards. */
  isServing: boolean;
}

/** What a license manager wants to know of each site, in nine lines, then of its people, and where to ask more. */
export function reportLines(facts: DemoFacts, options: ReportOptions): string[] {
  const { tookMs } = options;
  const sites = facts.sites.flatMap((site, index) => {
    const lines = siteLines(site, { ...options, idleAfterDays: facts.idleAfterDays });
    return index === 0 ? lines : ["", ...lines];
  });
  const took = `Told after ${formatDuration(tookMs)}.`;
  const footer = options.isServing ? servingLines(options) : [`${took} Without --once it goes on serving.`];
  return [...sites, "", ...peopleLines(facts, options), "", ...footer];
}

/** Who is one person on several sites, and whom the personnel file does not know. */
function peopleLines(
  { people, peopleOnBoth, seatsOnBoth, nobodysSeats }: DemoFacts,
  { colors }: ReportOptions,
): string[] {
  return [
    `${colors.strong("People")}  ${formatNumber(people)} with a seat, each counted once`,
    `  ${colors.muted("On both".padEnd(13))}${formatNumber(peopleOnBoth)} on Cloud and on Data Center, ${formatNumber(seatsOnBoth)} of them with a seat on each`,
    `  ${colors.muted("Nobody's".padEnd(13))}${counted(nobodysSeats, "account")} with a seat, of nobody in the personnel file`,
  ];
}

function servingLines({ url, signInUrl, docsUrl, token, tookMs, colors }: ReportOptions): string[] {
  return [
    `${colors.strong("Open")}  ${signInUrl}`,
    "      This link signs you in, once and within 12 hours; each start prints another one.",
    "",
    `API ${url}/api/v1 · documentation ${docsUrl} · told after ${formatDuration(tookMs)} · Ctrl-C ends it`,
    "In another shell:",
    `  export USHER_URL=${url} USHER_TOKEN=${token}`,
    "  npx usher people list --filter status=idle",
    "Seats can be taken back here, and given back: docs/guide/demo.md",
  ];
}
