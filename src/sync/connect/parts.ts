import { Fault } from "../../lib/errors.ts";
import type { SourceKind } from "../../model/connections.ts";
import type { Source } from "../../sources/source.ts";
import type { ConnectContext, CredentialKeeper } from "./credentials/credential-access.ts";

/** What asking a source and saving the answer needs. */
export interface ConnectParts extends ConnectContext {
  keeper: CredentialKeeper;
  /** Where browsers reach Usher, without a slash at its end: the redirect URL is made from it. */
  publicUrl: string;
}

/** Throws a Fault "source.not-offered" for a kind that this installation has no source of. */
export function sourceOf({ sources }: Pick<ConnectParts, "sources">, kind: SourceKind): Source {
  const source = sources.get(kind);
  if (source) return source;
  throw new Fault(`There is no source ${kind}.`, {
    code: "source.not-offered",
    publicMessage: `This version of Usher cannot connect to ${kind}.`,
  });
}
