import { ok, refuse, type Result } from "../../lib/result.ts";
import { StoreFailure, type Tx } from "../../store/database.ts";
import {
  countViewsOf,
  deleteViewRow,
  findView,
  insertView,
  lockView,
  saveView,
  type ViewFields,
  type ViewRow,
} from "../../store/views.ts";
import type { Context } from "../context.ts";

/** Of one operator: far past what anybody keeps in view. */
const VIEWS_MAX = 200;

export type ViewFlaw = "not-your-view" | "name-taken" | "default-taken" | "default-not-shared";
export type CreateViewRefusal = ViewFlaw | "too-many-views";
export type ChangeViewRefusal = ViewFlaw | "no-such-view" | "stale-revision";

/** `isAdmin`: may change what others share, and say which view a role sees first. */
export interface ViewActor {
  isAdmin: boolean;
}

export function createView(
  context: Context,
  { isAdmin }: ViewActor,
  fields: ViewFields,
): Promise<Result<ViewRow, CreateViewRefusal>> {
  const { db, clock, actor } = context;
  const work = db.transaction(async (tx): Promise<Result<ViewRow, CreateViewRefusal>> => {
    const flaw = flawOf(fields, null, isAdmin);
    if (flaw) return refuse(flaw);
    if ((await countViewsOf(tx, actor.operatorId)) >= VIEWS_MAX) return refuse("too-many-views");

    const id = await insertView(tx, { ...fields, ownerId: actor.operatorId, at: clock.now() });
    record(tx, context, "view.created", id, fields);
    return ok((await findView(tx, id, actor.operatorId))!);
  });
  return work.catch(refuseTaken);
}

/** `revision` null changes whatever is there. */
export function changeView(
  context: Context,
  { isAdmin }: ViewActor,
  { id, revision }: { id: string; revision: number | null },
  change: Partial<Omit<ViewFields, "page">>,
): Promise<Result<ViewRow, ChangeViewRefusal>> {
  const { db, clock, actor } = context;
  const work = db.transaction(async (tx): Promise<Result<ViewRow, ChangeViewRefusal>> => {
    const view = await lockView(tx, id, actor.operatorId);
    if (!view) return refuse("no-such-view");
    if (view.ownerId !== actor.operatorId && !isAdmin) return refuse("not-your-view");
    if (revision !== null && revision !== view.revision) return refuse("stale-revision");
    const { name, state, visibility, defaultRole } = { ...view, ...change };
    // What nobody else sees is nobody's first view either.
    const isUnshared = change.visibility === "private" && change.defaultRole === undefined;
    const changed = { name, state, visibility, defaultRole: isUnshared ? null : defaultRole };
    const flaw = flawOf({ page: view.page, ...changed }, view.defaultRole, isAdmin);
    if (flaw) return refuse(flaw);
    // Taken back by an admin, it would become the owner's alone without a word to them.
    if (view.ownerId !== actor.operatorId && visibility === "private") return refuse("not-your-view");

    await saveView(tx, id, changed, clock.now());
    record(tx, context, "view.changed", id, { page: view.page, ...changed });
    return ok((await findView(tx, id, actor.operatorId))!);
  });
  return work.catch(refuseTaken);
}

export function deleteView(
  context: Context,
  { isAdmin }: ViewActor,
  id: string,
): Promise<Result<void, "no-such-view" | "not-your-view">> {
  const { db, actor } = context;
  return db.transaction(async (tx) => {
    const view = await lockView(tx, id, actor.operatorId);
    if (!view) return refuse("no-such-view");
    if (view.ownerId !== actor.operatorId && !isAdmin) return refuse("not-your-view");
    await deleteViewRow(tx, id);
    record(tx, context, "view.deleted", id, view);
    return ok(undefined);
  });
}

function flawOf(fields: ViewFields, before: string | null, isAdmin: boolean): ViewFlaw | null {
  if (fields.defaultRole !== null && fields.visibility !== "shared") return "default-not-shared";
  return fields.defaultRole !== before && !isAdmin ? "not-your-view" : null;
}

function record(tx: Tx, { actor }: Context, entry: string, subjectId: string, view: ViewFields): void {
  const { page, visibility, defaultRole, name, state } = view;
  const { operatorId: actorId, through } = actor;
  // Filters may hold the name or the address of somebody.
  const personal = { name, state };
  tx.record({ actorId, through, entry, subjectId, detail: { page, visibility, defaultRole }, personal });
}

function refuseTaken(thrown: unknown): Result<never, "name-taken" | "default-taken"> {
  if (thrown instanceof StoreFailure) {
    if (thrown.constraint === "views_default") return refuse("default-taken");
    if (thrown.constraint === "views_private_name" || thrown.constraint === "views_shared_name") {
      return refuse("name-taken");
    }
  }
  throw thrown;
}
