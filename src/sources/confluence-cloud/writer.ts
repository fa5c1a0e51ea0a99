import { type Change, CHANGE_KINDS } from "../../model/changes.ts";
import { canAnotherServe } from "../atlassian/failover.ts";
import { type CredentialAccess, SourceFailure, type SiteWriter } from "../source.ts";
import { readAccess } from "./access.ts";
import { changeCall } from "./change-requests.ts";
import { whyNotChanged, writersFor } from "./changes.ts";
import type { SiteClient } from "./client.ts";
import { SiteDirectory } from "./directory.ts";
import { readLicense } from "./license.ts";
import { lookInto } from "./refused-changes.ts";
import { countScimUsers } from "./scim.ts";
import { probeWriting } from "./write-probe.ts";

/** The writing side of an open site. `client` holds the credentials that may write, for whatever writing rests on. */
export function createWriter(client: SiteClient): SiteWriter {
  const directory = new SiteDirectory(client);
  /** What a credential was found not to do although its scopes said or left open that it would. */
  const unable = new Set<string>();

  function writers(kind: Change["kind"]): CredentialAccess[] {
    const all = writersFor(kind, client.credentials);
    const able = all.filter((each) => !unable.has(`${each.id} ${kind}`));
    return able.length > 0 ? able : all;
  }

  /** Null: the change is so. A failure: this credential was refused, and nothing was changed. */
  async function makeWith(
    credential: CredentialAccess,
    change: Change,
    signal: AbortSignal,
  ): Promise<{ createdSourceId: string | null } | SourceFailure> {
    const call = await changeCall(client, directory, change, credential, signal);
    try {
      const created = await client.change(credential, call, signal);
      return { createdSourceId: created?.id ?? null };
    } catch (thrown) {
      if (!(thrown instanceof SourceFailure)) throw thrown;
      const reason = await lookInto({ client, directory, change, credential, signal }, thrown);
      return reason ?? { createdSourceId: null };
    }
  }

  return {
    abilities: abilitiesToWrite(client.credentials),
    probe: (signal) => probeWriting(client, directory, signal),
    readAccess: (accountId, parts, signal) => readAccess(client, directory, accountId, parts, signal),
    readLicense: (signal) => readLicense(client, signal),
    async useDirectory(signal) {
      const [key] = writersFor("scim-deactivate", client.credentials);
      if (!key) throw whyNotChanged("scim-deactivate", client.credentials);
      await countScimUsers(client, key, signal);
    },
    async make(change, signal) {
      let refused: SourceFailure | null = null;
      for (const credential of writers(change.kind)) {
        const made = await makeWith(credential, change, signal);
        if (!(made instanceof SourceFailure)) return made;
        if (!canAnotherServe(made)) throw made;
        unable.add(`${credential.id} ${change.kind}`);
        refused ??= made;
      }
      throw refused ?? whyNotChanged(change.kind, client.credentials);
    },
  };
}

function abilitiesToWrite(credentials: readonly CredentialAccess[]): SiteWriter["abilities"] {
  const abilities = {} as SiteWriter["abilities"];
  for (const kind of CHANGE_KINDS) {
    abilities[kind] = writersFor(kind, credentials).length > 0 ? null : whyNotChanged(kind, credentials);
  }
  return abilities;
}
