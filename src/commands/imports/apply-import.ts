import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ImportKind } from "../../model/imports.ts";
import type { Tx } from "../../store/database.ts";
import { type ImportRecord, isOutdated, lockImport, saveApplied } from "../../store/imports/imports.ts";
import { lockPeople } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";

export type ApplyRefusal = "no-such-import" | "stale-preview" | "rows-with-errors";

export interface ApplyOptions {
  /** Apply the rows that are right although others are wrong. */
  acceptErrors: boolean;
}

interface Applied<Refusal> {
  kind: ImportKind;
  /** Asked before anything is written. */
  refuses?(found: ImportRecord): Refusal | null;
  /** Writes what the preview said; gives its counts and what belongs into the journal's personal part. */
  write(tx: Tx, found: ImportRecord, at: Date): Promise<{ counts: object; personal?: Record<string, unknown> }>;
}

/**
 * Applies a preview as a whole or not at all, once: asked again, it answers what was done. What was previewed on other
 * facts than those of now is refused, and so are rows with errors unless the person takes the others.
 */
export function applyImport<Refusal extends string = never>(
  { db, clock, actor }: Context,
  importId: string,
  { acceptErrors }: ApplyOptions,
  { kind, refuses, write }: Applied<Refusal>,
): Promise<Result<null, ApplyRefusal | Refusal>> {
  return db.transaction(async (tx) => {
    await lockPeople(tx);
    const found = await lockImport(tx, importId, kind);
    if (!found || found.state === "reading") return refuse("no-such-import");
    if (found.state === "applied") return ok(null);
    if (await isOutdated(tx, found)) return refuse("stale-preview");
    if ((found.counts["errors"] ?? 0) > 0 && !acceptErrors) return refuse("rows-with-errors");
    const refused = refuses?.(found) ?? null;
    if (refused !== null) return refuse(refused);

    const { counts, personal } = await write(tx, found, clock.now());
    // As late as can be: a job that began while this was written has not seen it, and is to count as begun before.
    const at = clock.now();
    await saveApplied(tx, importId, { by: actor.operatorId, at, counts: counts as Record<string, number> });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: `${kind}.imported`,
      subjectId: importId,
      detail: { ...found.options, fileSha256: found.fileSha256, counts },
      personal: { fileName: found.fileName, ...personal },
    });
    return ok(null);
  });
}
