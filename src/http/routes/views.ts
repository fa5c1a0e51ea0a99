import * as api from "../../api/views.ts";
import { changeView, createView, deleteView } from "../../commands/views/save-view.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findView, viewList, type ViewRow } from "../../store/views.ts";
import { handleList } from "../lists.ts";
import { handle, type Caller } from "../route.ts";

export const viewHandlers = [
  handleList(api.listViews, async ({ query, caller }) => {
    const { page = null, visibility = null } = query;
    return ok({
      ...viewList(caller.operatorId, { page, visibility }),
      toItems: (rows: ViewRow[]) => rows.map((row) => shown(row, caller)),
    });
  }),

  handle(api.getView, async ({ reader, params, caller }) => {
    const view = await findView(reader, params.viewId, caller.operatorId);
    return view ? ok(shown(view, caller)) : refuse("no-such-view");
  }),

  handle(api.createView, async ({ ctx, body, caller }) => {
    const made = await createView(ctx, { isAdmin: isAdmin(caller) }, body);
    return made.ok ? ok(shown(made.value, caller)) : made;
  }),

  handle(api.changeView, async ({ ctx, params, body, ifMatch, caller }) => {
    const which = { id: params.viewId, revision: ifMatch };
    const changed = await changeView(ctx, { isAdmin: isAdmin(caller) }, which, body);
    return changed.ok ? ok(shown(changed.value, caller)) : changed;
  }),

  handle(api.deleteView, ({ ctx, params, caller }) => deleteView(ctx, { isAdmin: isAdmin(caller) }, params.viewId)),
];

function shown(view: ViewRow, caller: Caller) {
  return { ...view, mayChange: view.ownerId === caller.operatorId || isAdmin(caller) };
}

function isAdmin({ scopes }: Caller): boolean {
  return scopes.includes("*");
}
