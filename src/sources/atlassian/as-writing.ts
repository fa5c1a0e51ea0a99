import { CAPABILITIES } from "../../model/connections.ts";
import type { CredentialAccess } from "../source.ts";

/**
 * Whoever may write may also read what writing rests on: what an account holds before, and whether it is so after. Where
 * credentials are kept to some capabilities, those with `reclaim` are so lifted; the others stay as they are.
 */
export function asWriting(credentials: readonly CredentialAccess[]): CredentialAccess[] {
  return credentials.map((each) =>
    each.capabilities?.includes("reclaim") ? { ...each, capabilities: CAPABILITIES } : each,
  );
}
