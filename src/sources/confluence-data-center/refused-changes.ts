import type { Change } from "../../model/changes.ts";
import { managedElsewhere, withEvidence } from "../atlassian/change-failures.ts";
import { SourceFailure } from "../source.ts";
import { readAccess } from "./access.ts";
import { findGroup } from "./groups.ts";
import type { OpenSite } from "./open-site.ts";

/**
 * What a refusal really means where the answer leaves it open; null: the change is so already. A look that fails leaves
 * the refusal as it came.
 */
export async function lookInto(
  open: OpenSite,
  change: Change,
  failure: SourceFailure,
  signal: AbortSignal,
): Promise<SourceFailure | null> {
  try {
    if (failure.code === "source.uncertain" && failure.status === 500) {
      const refusal = await refusalOf(open, signal);
      return refusal ? withEvidence(refusal, failure) : failure;
    }
    if (failure.code === "source.not-found") return await whatIsGone(open, change, failure, signal);
    const isOpen = failure.code === "source.conflict" || failure.code === "source.bad-request";
    if (isOpen && (await isAlreadySo(open, change, signal))) return null;
    return isOpen && isOfReadOnlyDirectory(change, failure) ? withEvidence(DIRECTORY, failure) : failure;
  } catch (thrown) {
    if (thrown instanceof SourceFailure) return failure;
    throw thrown;
  }
}

const DIRECTORY = managedElsewhere({ what: "this account or group" });

/** Directories of LDAP and Crowd refuse writes (FACTS §10); which status they do it with is not documented. */
function isOfReadOnlyDirectory({ kind }: Change, { message }: SourceFailure): boolean {
  return kind !== "create-group" && kind !== "delete-group" && /read.?only|not (be )?(modified|updated)/i.test(message);
}

/**
 * Whoever is no administrator gets a 500 in place of a 403 in places (TRAPS §3): such a request changed nothing. Null
 * for an administrator, whose 500 leaves it unknown.
 */
async function refusalOf({ directory }: OpenSite, signal: AbortSignal): Promise<SourceFailure | null> {
  try {
    await directory.readLicensedPage(null, signal, 1);
    return null;
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.missing-role") return thrown;
    throw thrown;
  }
}

/** The account was found just before; with its group there as well, the version has no such call. */
async function whatIsGone(
  { client }: OpenSite,
  change: Change,
  failure: SourceFailure,
  signal: AbortSignal,
): Promise<SourceFailure> {
  const group = "groupSourceId" in change ? await findGroup(client, change.groupSourceId, signal) : null;
  if (!group) return failure;
  return withEvidence(
    {
      code: "source.edition-lacks",
      publicMessage: "This version of Confluence does not offer this change by its API (status 404).",
      fix: "Make the change in Confluence's administration, or upgrade Confluence.",
    },
    failure,
  );
}

async function isAlreadySo(open: OpenSite, change: Change, signal: AbortSignal): Promise<boolean> {
  switch (change.kind) {
    case "add-member":
    case "remove-member": {
      const { groups } = await readAccess(open, change.accountSourceId, ["groups"], signal);
      if (groups === null) return false;
      return groups.some(({ sourceId }) => sourceId === change.groupSourceId) === (change.kind === "add-member");
    }
    case "disable-account":
    case "enable-account": {
      const { isActive } = await readAccess(open, change.accountSourceId, ["status"], signal);
      return isActive === (change.kind === "enable-account");
    }
    default:
      return false;
  }
}
