import * as api from "../../api/connection-revisions.ts";
import { addRevisionCredential } from "../../commands/connections/revision/add-revision-credential.ts";
import { applyRevision } from "../../commands/connections/revision/apply-revision.ts";
import { discardRevision } from "../../commands/connections/revision/discard-revision.ts";
import { removeRevisionCredential } from "../../commands/connections/revision/remove-revision-credential.ts";
import { saveRevision } from "../../commands/connections/revision/save-revision.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findOpenRevision } from "../../store/connection-revisions.ts";
import { findConnection } from "../../store/connections.ts";
import type { Reader } from "../../store/database.ts";
import { detailOf, needsOf, pendingDetailOf } from "../connection-detail.ts";
import { handle } from "../route.ts";
import { enteredOf } from "./credentials.ts";

export const connectionRevisionHandlers = [
  handle(api.getPendingRevision, ({ reader, params }) => pendingOf(reader, params.connectionId)),

  handle(api.changePendingRevision, async ({ ctx, params, body, ifMatch, reader, services }) => {
    const needs = await needsOf(reader, services, params.connectionId);
    const saved = await saveRevision(ctx, params.connectionId, ifMatch, body, needs);
    if (!saved.ok) return saved;
    const pending = saved.value && (await pendingOf(reader, params.connectionId));
    return ok({ pendingRevision: pending?.ok ? pending.value : null });
  }),

  handle(api.discardPendingRevision, ({ ctx, params, ifMatch }) => discardRevision(ctx, params.connectionId, ifMatch)),

  handle(api.addPendingCredential, async ({ ctx, params, body, reader, services }) => {
    const needs = await needsOf(reader, services, params.connectionId);
    return addRevisionCredential(ctx, params.connectionId, enteredOf(body.credential), body.replaces, needs);
  }),

  handle(api.removePendingCredential, async ({ ctx, params, reader, services }) => {
    const needs = await needsOf(reader, services, params.connectionId);
    const removed = await removeRevisionCredential(ctx, params.connectionId, params.credentialId, needs);
    if (removed.ok) services.connect.forget(params.credentialId);
    return removed;
  }),

  handle(api.validatePendingRevision, async ({ ctx, params, reader, services, signal }) => {
    const checked = await services.connect.checkRevision(ctx.actor, params.connectionId, signal);
    return checked.ok ? pendingOf(reader, params.connectionId) : checked;
  }),

  handle(api.applyPendingRevision, async ({ ctx, params, body, ifMatch, reader, services }) => {
    const applied = await applyRevision(ctx, params.connectionId, ifMatch, body);
    if (!applied.ok) return applied;
    for (const id of applied.value.credentialIds) services.connect.forget(id);
    return ok(await detailOf(reader, services, applied.value.connection));
  }),
];

async function pendingOf(reader: Reader, connectionId: string) {
  const connection = await findConnection(reader, connectionId);
  if (!connection) return refuse("no-such-connection" as const);
  const revision = await findOpenRevision(reader, connectionId);
  if (!revision) return refuse("no-pending-revision" as const);
  return ok(await pendingDetailOf(reader, connection, revision));
}
