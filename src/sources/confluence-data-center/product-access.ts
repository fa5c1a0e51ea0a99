import { z } from "zod";
import type { ProductAccess } from "../../model/facts.ts";
import { type ObservedGroup, type Page, SourceFailure } from "../source.ts";
import { observed } from "./groups.ts";
import type { OpenSite } from "./open-site.ts";
import { principalOf, Subject } from "./principal.ts";

const Permission = z.object({
  operation: z.object({ targetType: z.string(), operationKey: z.string() }),
  subject: Subject,
});

const Permissions = z
  .union([z.array(Permission), z.object({ results: z.array(Permission) })])
  .transform((body) => (Array.isArray(body) ? body : body.results));

/**
 * Groups that give Confluence, from its global permissions: whoever may use or administer it. Older versions tell global
 * permissions by no API; their groups are named by hand.
 */
export async function readProductAccessGroups(
  open: OpenSite,
  access: ProductAccess,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  const permissions = await readGlobalPermissions(open, signal);
  const names = new Set<string>();
  for (const { operation, subject } of permissions) {
    const gives = access === "admin" ? administers(operation) : uses(operation) || administers(operation);
    if (!gives) continue;
    const principal = await principalOf(subject, open.directory, signal);
    if (principal.principalType === "group") names.add(principal.principalId);
  }
  return { rows: [...names].sort().map((name) => observed({ name })), next: null };
}

type Operation = z.infer<typeof Permission>["operation"];

function uses({ targetType, operationKey }: Operation): boolean {
  return targetType === "application" && operationKey === "use";
}

function administers({ targetType, operationKey }: Operation): boolean {
  return (targetType === "application" || targetType === "system") && operationKey === "administer";
}

async function readGlobalPermissions({ client }: OpenSite, signal: AbortSignal) {
  const path = "/rest/api/permissions";
  try {
    return await client.read("product-access", { template: path, path, schema: Permissions }, signal);
  } catch (thrown) {
    throw thrown instanceof SourceFailure && thrown.status === 404 ? notTold(thrown) : thrown;
  }
}

function notTold(cause: SourceFailure): SourceFailure {
  return new SourceFailure(cause.message, {
    code: "source.edition-lacks",
    publicMessage:
      "This version of Confluence does not tell by any API which groups give the permission to use it; whom the license counts is still read, account by account.",
    fix: "Name the groups by hand (usher connection groups add), as Confluence shows them under Global permissions.",
    capability: cause.capability,
    endpoint: cause.endpoint,
    status: cause.status,
    cause,
  });
}
