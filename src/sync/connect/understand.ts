import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SourceKind } from "../../model/connections.ts";
import type { SiteHint } from "../../sources/source.ts";
import { listSiteAddresses } from "../../store/site-addresses.ts";
import { type ConnectedSite, findSite } from "../../store/sites.ts";
import type { ConnectRefusal } from "./actor.ts";
import type { ConnectParts } from "./parts.ts";
import { isMeant } from "./sites.ts";

/** What a text may mean as the address of a site. */
export interface UnderstoodSite {
  source: SourceKind;
  siteName: string | null;
  /** Null: only the cloud id was typed, and no such site is known. */
  baseUrl: string | null;
  /** Null: it was not typed, and the site is not known. */
  cloudId: string | null;
  says: string;
  /** The site, where Usher knows it already. */
  known: ConnectedSite | null;
}

/** A name without a dot is more likely a Cloud site's than a host of the company's own network. */
const ORDER: readonly SourceKind[] = ["confluence-cloud", "confluence-data-center"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What was typed as each source understands it, likeliest first. Nothing is asked of any source. */
export async function understandTyped(
  { db, sources }: Pick<ConnectParts, "db" | "sources">,
  typed: string,
): Promise<Result<UnderstoodSite[], ConnectRefusal<"site-not-understood">>> {
  const understood: UnderstoodSite[] = [];
  const refusals: string[] = [];
  for (const kind of ORDER) {
    const hint = sources.get(kind)?.understandSite(typed);
    if (!hint) continue;
    if (!hint.ok) refusals.push(hint.error.message);
    else if (kind === "confluence-cloud" || !UUID.test(typed.trim())) {
      understood.push(await describe(db, kind, hint.value));
    }
  }
  if (understood.length > 0) return ok(understood);
  return refuse({ code: "site-not-understood", detail: refusals.join(" ") || "No source is there to understand it." });
}

async function describe(db: ConnectParts["db"], source: SourceKind, hint: SiteHint): Promise<UnderstoodSite> {
  const addresses = await listSiteAddresses(db, source);
  const meant = addresses.find((each) => isMeant(hint, { ...each, scopes: [] }));
  const known = meant ? await findSite(db, meant.id) : null;
  const baseUrl = known?.baseUrl ?? hint.baseUrl;
  const cloudId = source === "confluence-cloud" ? (known?.sourceKey ?? hint.cloudId) : null;
  return { source, siteName: hint.siteName, baseUrl, cloudId, says: sayUnderstood(source, hint, baseUrl), known };
}

function sayUnderstood(source: SourceKind, { siteName, cloudId }: SiteHint, baseUrl: string | null): string {
  if (source === "confluence-data-center") return `Confluence Data Center at ${baseUrl}`;
  if (baseUrl === null) return `the Confluence Cloud site with the cloud id ${cloudId}`;
  return siteName === null
    ? `the Confluence Cloud site at ${baseUrl}`
    : `the Confluence Cloud site ${siteName} at ${baseUrl}`;
}
