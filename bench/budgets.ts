// Requests of each kind of run on large, against what the product promises; no latency, as only counts matter.
import { startConnectedUsher } from "../test/support/connected-usher.ts";
import { startSimulator } from "../test/support/simulator-process.ts";

const CONTENT = "/wiki/rest/api/content/search";
/** Content items that changed in the 90 days looked at, and the largest page that the simulator answers. */
const CONTENT_ROWS_A_PAGE = 200;

const simulator = await startSimulator(["--scale", "large", "--seed", "1"]);
try {
  for (const withOrganizationKey of [false, true]) {
    const paths: string[] = [];
    let contentRows = 0;
    const record: typeof fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      paths.push(pathname);
      const answer = await fetch(input, init);
      if (pathname.endsWith(CONTENT)) {
        const { results } = (await answer.clone().json()) as { results: unknown[] };
        contentRows += results.length;
      }
      return answer;
    };
    const connected = await startConnectedUsher({ simulator, sites: ["acme"], withOrganizationKey, fetch: record });
    const [siteId = ""] = connected.siteIds;
    const counts: Record<string, number> = {};
    const count = (name: string) => {
      counts[name] = paths.filter((path) => !path.endsWith(CONTENT)).length;
      counts[`${name}, content`] = paths.length - (counts[name] ?? 0);
      paths.length = 0;
    };
    paths.length = 0;
    await connected.publish();
    await connected.settledRuns();
    count("first full run");
    const contentPages = Math.ceil(contentRows / CONTENT_ROWS_A_PAGE);
    await connected.requestRun(siteId, "full");
    await connected.settledRuns();
    count("unchanged full run");
    await connected.requestRun(siteId, "license");
    const runs = await connected.settledRuns();
    count("license run");
    await connected.stop();
    const failed = runs.filter(({ state }) => state !== "succeeded");
    const budget = withOrganizationKey ? 2200 : 2750;
    const holds =
      failed.length === 0 &&
      (counts["first full run"] ?? 0) <= budget &&
      (counts["license run"] ?? 0) <= 120 &&
      (counts["first full run, content"] ?? 0) <= contentPages * 1.02 + 4;
    console.log(JSON.stringify({ bench: "budgets", withOrganizationKey, counts, contentPages, budget, holds }));
    if (!holds) process.exitCode = 1;
  }
} finally {
  await simulator.close();
}
