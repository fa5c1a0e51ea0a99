import type { Change } from "../../model/changes.ts";
import { managedElsewhere, noLicense, withEvidence } from "../atlassian/change-failures.ts";
import type { Told } from "../atlassian/failures.ts";
import { type CredentialAccess, SourceFailure } from "../source.ts";
import { readAccess } from "./access.ts";
import { apiOf } from "./changes.ts";
import type { SiteClient } from "./client.ts";
import type { SiteDirectory } from "./directory.ts";
import { findGroup } from "./groups.ts";

interface Refused {
  client: SiteClient;
  directory: SiteDirectory;
  change: Change;
  credential: CredentialAccess;
  signal: AbortSignal;
}

/**
 * What a refusal of a change really means, where the answer leaves it open: one that is so already is none (null), a
 * group that an identity provider manages cannot be changed with any credential, and what does not exist is not found.
 * Nothing was changed, so looking costs requests only, and a look that fails leaves the refusal as it came.
 */
export async function lookInto(refused: Refused, failure: SourceFailure): Promise<SourceFailure | null> {
  const isOpen = ["source.conflict", "source.bad-request", "source.missing-role"].includes(failure.code);
  if (!isOpen) throw failure;
  try {
    if (failure.code !== "source.missing-role" && (await isAlreadySo(refused))) return null;
    const reason = await reasonOf(refused, failure);
    return reason ? withEvidence(reason, failure) : failure;
  } catch (thrown) {
    if (thrown instanceof SourceFailure) return failure;
    throw thrown;
  }
}

async function isAlreadySo({ client, directory, change, signal }: Refused): Promise<boolean> {
  switch (change.kind) {
    case "add-member":
    case "remove-member": {
      const { groups } = await readAccess(client, directory, change.accountSourceId, ["groups"], signal);
      if (groups === null) return false;
      const isMember = groups.some(({ sourceId }) => sourceId === change.groupSourceId);
      return isMember === (change.kind === "add-member");
    }
    case "suspend-account":
    case "reinstate-account": {
      const { isSuspended } = await readAccess(client, directory, change.accountSourceId, ["status"], signal);
      return isSuspended === (change.kind === "suspend-account");
    }
    default:
      return false;
  }
}

async function reasonOf(refused: Refused, failure: SourceFailure): Promise<Told | null> {
  const { client, directory, change, credential, signal } = refused;
  const isOfMembers = change.kind === "add-member" || change.kind === "remove-member";
  if (!isOfMembers && change.kind !== "delete-group") return null;
  const group = await findGroup(client, change.groupSourceId, signal);
  if (group?.managedBy === "external") return managedElsewhere({ what: `the group "${group.name}"` });
  if (failure.code === "source.missing-role" || !isOfMembers) return null;
  if (!group) return gone("the group");
  // Spec ORG gives two reasons for this 409; membership was looked at, and it is not that one.
  const isFull = failure.code === "source.conflict" && change.kind === "add-member";
  if (isFull && apiOf(credential) === "organization") return noLicense({ what: "the members of the group" });
  const { isKnown } = await readAccess(client, directory, change.accountSourceId, ["groups"], signal);
  return isKnown ? null : gone("the account");
}

function gone(what: string): Told {
  return {
    code: "source.not-found",
    publicMessage: `Confluence does not know ${what} any more.`,
    fix: "Nothing is left to change.",
  };
}
