import { readWhole } from "../atlassian/whole.ts";
import { type AccessPart, type ObservedAccess, SourceFailure } from "../source.ts";
import { readGroupsOfAccount } from "./groups.ts";
import type { OpenSite } from "./open-site.ts";
import { accountOf } from "./user.ts";

/** What is so now for one account: its groups are one request for up to 200, its status another. */
export async function readAccess(
  open: OpenSite,
  key: string,
  parts: readonly AccessPart[],
  signal: AbortSignal,
): Promise<ObservedAccess> {
  const [groups, status] = await Promise.all([
    parts.includes("groups") ? groupsOf(open, key, signal) : undefined,
    parts.includes("status") ? statusOf(open, key, signal) : undefined,
  ]);
  const isUnknown = groups === null || status === null;
  // An empty list may also be what an instance says of somebody it does not know.
  const isDoubtful = groups?.length === 0 && status === undefined;
  if (isUnknown || (isDoubtful && (await statusOf(open, key, signal)) === null)) {
    return { isKnown: false, groups: null, isActive: null, isSuspended: null, otherProducts: null };
  }
  const isActive = status === undefined || status === "unknown" ? null : status === "active";
  return { isKnown: true, groups: groups ?? null, isActive, isSuspended: null, otherProducts: null };
}

async function groupsOf(
  { client }: OpenSite,
  key: string,
  signal: AbortSignal,
): Promise<{ sourceId: string; name: string }[] | null> {
  try {
    const groups = await readWhole((cursor) => readGroupsOfAccount(client, key, cursor, signal));
    return groups.map(({ sourceId, name }) => ({ sourceId, name }));
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
    throw thrown;
  }
}

/** Null: the instance has the account no longer. */
async function statusOf({ directory }: OpenSite, key: string, signal: AbortSignal) {
  const user = await directory.lookUp({ key }, signal, { expand: "status" });
  const account = user && accountOf(user, "users-bulk", null);
  if (!account || account.status === "closed") return null;
  return account.status ?? "unknown";
}
