// Requests of each kind of run on large, against what the product promises; no latency, as only counts matter.
import { startConnectedUsher } from "../test/support/connected-usher.ts";
import { startSimulator } from "../test/support/simulator-process.ts";

const CONTENT = "/wiki/rest/api/content/search";
const AUDIT = "/wiki/rest/api/audit";
/** Content items that changed in the 90 days looked at, and the largest page that the simulator answers. */
const CONTENT_ROWS_A_PAGE = 200;
/** What a site in transition may cost more than the same in the old model: one request for each of large's spaces. */
const TRANSITION_REQUESTS_MAX = 2000;

/** One request more than there are pages: only an empty one is the end of the audit log. */
const AUDIT_ROWS_A_PAGE = 1000;

interface Measured {
  counts: Record<string, number>;
  contentPages: number;
  auditPages: number;
  isWhole: boolean;
}

const withoutKey = await measure([], false);
report(withoutKey, { withOrganizationKey: false, budget: 2750 });
report(await measure([], true), { withOrganizationKey: true, budget: 2200 });
report(await measure(["--role-mode", "acme=ROLES_TRANSITION"], false), {
  withOrganizationKey: false,
  roleMode: "ROLES_TRANSITION",
  budget: (withoutKey.counts["first full run"] ?? 0) + TRANSITION_REQUESTS_MAX,
});

/** The requests of a first, an unchanged and a license run, those of content search apart. */
async function measure(options: readonly string[], withOrganizationKey: boolean): Promise<Measured> {
  const simulator = await startSimulator(["--scale", "large", "--seed", "1", ...options]);
  const paths: string[] = [];
  let contentRows = 0;
  let auditRows = 0;
  const record: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    paths.push(pathname);
    const answer = await fetch(input, init);
    if (pathname.endsWith(CONTENT) || pathname.endsWith(AUDIT)) {
      const { results } = (await answer.clone().json()) as { results: unknown[] };
      if (pathname.endsWith(CONTENT)) contentRows += results.length;
      else auditRows += results.length;
    }
    return answer;
  };
  try {
    const connected = await startConnectedUsher({ simulator, sites: ["acme"], withOrganizationKey, fetch: record });
    const [siteId = ""] = connected.siteIds;
    const counts: Record<string, number> = {};
    const count = (name: string) => {
      const content = paths.filter((path) => path.endsWith(CONTENT)).length;
      const audit = paths.filter((path) => path.endsWith(AUDIT)).length;
      counts[name] = paths.length - content - audit;
      counts[`${name}, content`] = content;
      counts[`${name}, audit`] = audit;
      paths.length = 0;
    };
    paths.length = 0;
    await connected.publish();
    await connected.settledRuns();
    count("first full run");
    const contentPages = Math.ceil(contentRows / CONTENT_ROWS_A_PAGE);
    const auditPages = Math.ceil(auditRows / AUDIT_ROWS_A_PAGE) + 1;
    await connected.requestRun(siteId, "full");
    await connected.settledRuns();
    count("unchanged full run");
    await connected.requestRun(siteId, "license");
    const runs = await connected.settledRuns();
    count("license run");
    await connected.stop();
    return { counts, contentPages, auditPages, isWhole: runs.every(({ state }) => state === "succeeded") };
  } finally {
    await simulator.close();
  }
}

function report(
  { counts, contentPages, auditPages, isWhole }: Measured,
  of: { withOrganizationKey: boolean; roleMode?: string; budget: number },
): void {
  const holds =
    isWhole &&
    (counts["first full run"] ?? 0) <= of.budget &&
    (counts["license run"] ?? 0) <= 120 &&
    (counts["first full run, content"] ?? 0) <= contentPages * 1.02 + 4 &&
    (counts["first full run, audit"] ?? 0) <= auditPages;
  console.log(JSON.stringify({ bench: "budgets", ...of, counts, contentPages, auditPages, holds }));
  if (!holds) process.exitCode = 1;
}
