import { contributionQuery, latestContribution } from "../atlassian/content.ts";
import type { ObservedUse } from "../source.ts";
import { pageOf } from "./client.ts";
import { Content, plain } from "./content.ts";
import type { OpenSite } from "./open-site.ts";

/** The newest change of an item may be another's; among so many one of its own is nearly always found. */
const ITEMS = 10;

/** The latest contribution by content search; no REST API tells of views or log-ins (FACTS §10). */
export async function readLatestUse(
  { client }: OpenSite,
  key: string,
  since: Date,
  signal: AbortSignal,
): Promise<ObservedUse[]> {
  const path = "/rest/api/content/search";
  const { results } = await client.read(
    "content",
    {
      template: path,
      path,
      query: { cql: contributionQuery(key, since), expand: "version,history", limit: ITEMS },
      schema: pageOf(Content),
      what: "what the account changed last",
    },
    signal,
  );
  const at = latestContribution(results.map(plain), key, since);
  return at ? [{ kind: "contributed", source: "content-search", at }] : [];
}
