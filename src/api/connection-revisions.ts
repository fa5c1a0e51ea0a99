import { z } from "zod";
import { Connection, Credential, PendingRevision, SettingsChange } from "./connection-shapes.ts";
import { addCredential } from "./credentials.ts";
import { defineRoute, idOf, text } from "./contract.ts";
import { CapabilityName } from "./sites.ts";

const params = z.strictObject({ connectionId: idOf("connection") });

const NO_SUCH_CONNECTION = { "no-such-connection": { status: 404, says: "There is no such connection." } } as const;
const NO_PENDING_REVISION = {
  ...NO_SUCH_CONNECTION,
  "no-pending-revision": { status: 404, says: "No change of the connection is waiting." },
} as const;
const IN_SERVICE = {
  "not-in-service": {
    status: 409,
    says: "Only a published or paused connection has a pending revision. Change this one directly.",
  },
} as const;
const NO_SUCH_CREDENTIAL = { "no-such-credential": { status: 404, says: "There is no such credential." } } as const;

export const getPendingRevision = defineRoute({
  id: "connections.get-pending-revision",
  method: "GET",
  path: "/connections/{connectionId}/pending-revision",
  summary: "What would change of a connection, and what its check found",
  description: "The running connection goes on as it is until the revision is applied.",
  scope: "connections:read",
  params,
  answer: PendingRevision,
  revisioned: true,
  refusals: NO_PENDING_REVISION,
});

export const changePendingRevision = defineRoute({
  id: "connections.change-pending-revision",
  method: "PATCH",
  path: "/connections/{connectionId}/pending-revision",
  summary: "Save a change of a connection in service, to be checked before it is applied",
  description:
    'What is left out stays as the revision has it. A list replaces the one before; `null` goes back to what is running. `If-Match: "0"` where there is no revision yet. Answers `null` where nothing would change (any more).',
  scope: "connections:write",
  params,
  body: z.strictObject({
    capabilities: z.array(CapabilityName).min(1).max(5).nullable().optional(),
    settings: SettingsChange.nullable().optional(),
    addSites: z.array(text(500)).max(50).optional().meta({ description: "As they are typed." }),
    removeSites: z.array(idOf("site")).max(50).optional(),
    removeCredentials: z.array(idOf("credential")).max(20).optional(),
  }),
  answer: z.object({ pendingRevision: PendingRevision.nullable() }),
  needsIfMatch: true,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...IN_SERVICE,
    ...NO_SUCH_CREDENTIAL,
    "capability-not-offered": { status: 422, says: "This capability cannot be chosen yet." },
    "roster-always-on": { status: 422, says: "Everything else rests on the roster, so it is always on." },
    "no-such-site": { status: 404, says: "The connection has no such site." },
    "last-site": { status: 409, says: "No site would be left. Add another one, or pause or archive the connection." },
  },
});

export const discardPendingRevision = defineRoute({
  id: "connections.discard-pending-revision",
  method: "DELETE",
  path: "/connections/{connectionId}/pending-revision",
  summary: "Forget a change that is waiting",
  description: "Secrets that came with it are forgotten; nothing but the journal tells of it.",
  scope: "connections:write",
  params,
  needsIfMatch: true,
  refusals: NO_PENDING_REVISION,
});

export const addPendingCredential = defineRoute({
  id: "connections.add-pending-credential",
  method: "POST",
  path: "/connections/{connectionId}/pending-revision/credentials",
  summary: "Enter a credential that is used once the revision is applied",
  description: "Beside the others, or in place of one of the same kind, which goes on until then.",
  scope: "connections:write",
  params,
  body: z.strictObject({
    credential: addCredential.body ?? z.never(),
    replaces: idOf("credential")
      .nullable()
      .default(null)
      .meta({ description: "The one in use that it takes over for." }),
  }),
  answer: Credential,
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...IN_SERVICE,
    ...NO_SUCH_CREDENTIAL,
    archived: { status: 409, says: "The connection is archived. Make a new one, started from this one." },
    "not-proved": { status: 422, says: "It was tried for real and did not work, so nothing was changed." },
    "kind-differs": { status: 409, says: "A credential takes over for one of its own kind only." },
    "credential-not-for-source": {
      status: 422,
      says: "The connection's source cannot read with a credential of this `kind`.",
    },
    "too-many-credentials": {
      status: 409,
      says: "A connection holds at most 20 credentials. Remove one that is no longer needed, or rotate it.",
    },
  },
});

export const removePendingCredential = defineRoute({
  id: "connections.remove-pending-credential",
  method: "DELETE",
  path: "/connections/{connectionId}/pending-revision/credentials/{credentialId}",
  summary: "Forget a credential that waits with the revision",
  scope: "connections:write",
  params: params.extend({ credentialId: idOf("credential") }),
  refusals: { ...NO_PENDING_REVISION, ...NO_SUCH_CREDENTIAL },
});

export const validatePendingRevision = defineRoute({
  id: "connections.validate-pending-revision",
  method: "POST",
  path: "/connections/{connectionId}/pending-revision/validate",
  summary: "Try a change that is waiting for real",
  description: "Its capabilities, with its credentials, on its sites. Changes nothing of the running connection.",
  scope: "connections:write",
  params,
  answer: PendingRevision,
  revisioned: true,
  refusals: {
    ...NO_PENDING_REVISION,
    "consent-needed": { status: 409, says: "The revision waits for a consent. Authorize its OAuth app first." },
    "nothing-to-check": { status: 409, says: "The connection would have no site left." },
  },
});

export const applyPendingRevision = defineRoute({
  id: "connections.apply-pending-revision",
  method: "POST",
  path: "/connections/{connectionId}/pending-revision/apply",
  summary: "Swap a checked change in",
  description:
    "As a whole, or not at all. Runs under way end with what they began with. `If-Match` is the revision of the pending revision.",
  scope: "connections:write",
  params,
  body: z.strictObject({
    acceptWarnings: z.boolean().default(false).meta({ description: "What works less than it did is accepted." }),
  }),
  answer: Connection,
  needsIfMatch: true,
  revisioned: true,
  refusals: {
    ...NO_PENDING_REVISION,
    "not-checked": { status: 409, says: "The change was not checked as it is now. Check it first." },
    "not-valid": { status: 409, says: "The check found that it does not work." },
    "check-too-old": { status: 409, says: "The check was made more than a day ago. Check it again." },
    "warnings-not-accepted": { status: 409, says: "The check has warnings. Look at them, then accept them." },
  },
});

export const connectionRevisionRoutes = [
  getPendingRevision,
  changePendingRevision,
  discardPendingRevision,
  addPendingCredential,
  removePendingCredential,
  validatePendingRevision,
  applyPendingRevision,
];
