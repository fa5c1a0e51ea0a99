import type { Edition, SourceKind } from "./connections.ts";

/** An edition that an identifier can be mapped to: every one but `unrecognized`, which says that none is known. */
export const EDITIONS = [
  "free",
  "standard",
  "premium",
  "enterprise",
  "data-center",
] as const satisfies readonly Exclude<Edition, "unrecognized">[];
export type KnownEdition = (typeof EDITIONS)[number];

/** Who says which edition an identifier is: it comes with Usher, the source itself knows, or a person said so. */
export type IdentifierOrigin = "built-in" | "source" | "person";

/** A source's technical name for an edition. */
export interface EditionIdentifier {
  id: string;
  source: SourceKind;
  /** As the source writes it; compared whatever its case. */
  identifier: string;
  /** Null: unrecognized. */
  edition: KnownEdition | null;
  origin: IdentifierOrigin | null;
  /** When a site told it first; null: none did yet. */
  firstSeenAt: Date | null;
}
