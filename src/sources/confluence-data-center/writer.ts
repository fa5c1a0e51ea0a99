import { type Change, CHANGE_KINDS } from "../../model/changes.ts";
import { canAnotherServe } from "../atlassian/failover.ts";
import { type CredentialAccess, SourceFailure, type SiteWriter } from "../source.ts";
import { readAccess } from "./access.ts";
import { changeCall, CHANGED, whyNotChanged, writersOf } from "./changes.ts";
import { readLicense } from "./license.ts";
import type { OpenSite } from "./open-site.ts";
import { lookInto } from "./refused-changes.ts";
import { probeWriting } from "./write-probe.ts";

/** The writing side of an open instance, opened with the credentials that may write. */
export function createWriter(open: OpenSite): SiteWriter {
  const { client } = open;

  async function makeWith(
    credential: CredentialAccess,
    change: Change,
    signal: AbortSignal,
  ): Promise<SourceFailure | null> {
    const call = changeCall(change, await usernameFor(open, change, signal));
    try {
      await client.change(credential, call, signal);
      return null;
    } catch (thrown) {
      if (!(thrown instanceof SourceFailure)) throw thrown;
      return lookInto(open, change, thrown, signal);
    }
  }

  return {
    abilities: abilitiesToWrite(client.credentials),
    probe: (signal) => probeWriting(open, signal),
    readAccess: (key, parts, signal) => readAccess(open, key, parts, signal),
    readLicense: (signal) => readLicense(open, signal),
    async make(change, signal) {
      if (CHANGED[change.kind] === null) throw whyNotChanged(change.kind);
      let refused: SourceFailure | null = null;
      for (const credential of writersOf(client.credentials)) {
        const failure = await makeWith(credential, change, signal);
        // A group has no id but its name.
        if (!failure) return { createdSourceId: change.kind === "create-group" ? change.name : null };
        if (!canAnotherServe(failure)) throw failure;
        refused ??= failure;
      }
      throw refused ?? whyNotChanged(change.kind);
    },
  };
}

function abilitiesToWrite(credentials: readonly CredentialAccess[]): SiteWriter["abilities"] {
  const abilities = {} as SiteWriter["abilities"];
  const canWrite = writersOf(credentials).length > 0;
  for (const kind of CHANGE_KINDS) abilities[kind] = canWrite && CHANGED[kind] !== null ? null : whyNotChanged(kind);
  return abilities;
}

/**
 * Accounts are known by their keys, but changed by their names. Asked anew for each change: a name may have been given
 * to somebody else since it was last read.
 */
async function usernameFor({ directory }: OpenSite, change: Change, signal: AbortSignal): Promise<string> {
  if (!("accountSourceId" in change)) return "";
  const user = await directory.lookUp({ key: change.accountSourceId }, signal);
  if (user?.username && user.type !== "unknown") return user.username;
  throw new SourceFailure(`Nobody has the key ${change.accountSourceId}.`, {
    code: "source.not-found",
    publicMessage: "Confluence does not know the account any more.",
    fix: "Nothing is left to change.",
    capability: "reclaim",
    endpoint: "GET /rest/api/user",
  });
}
