import { ARCHIVED, connectionParams, NO_SUCH_CONNECTION } from "./connection-parts.ts";
import { CheckReport, Connection, WriteProof } from "./connection-shapes.ts";
import { defineRoute, idOf } from "./contract.ts";

export const checkConnection = defineRoute({
  id: "connections.check",
  method: "POST",
  path: "/connections/{connectionId}/check",
  summary: "Try each capability on each site for real",
  description:
    "Changes nothing at the source. A draft whose roster can be read on at least one site becomes validated.",
  scope: "connections:write",
  params: connectionParams,
  answer: CheckReport,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "nothing-to-check": { status: 409, says: "The connection has no site that a credential reaches." },
  },
});

export const proveWrites = defineRoute({
  id: "connections.proveWrites",
  method: "POST",
  path: "/connections/{connectionId}/sites/{siteId}/write-proof",
  summary: "Prove write access with a temporary group",
  description:
    "Makes a group that gives nothing, puts the credential's own account into it and takes it out, reads back each step, and deletes the group. Only a person may ask for it; it is done on a site that is observed only as well. The answer comes once all is done, after a minute or two at most.",
  scope: "connections:write",
  params: connectionParams.extend({ siteId: idOf("site") }),
  answer: WriteProof,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "no-such-site": { status: 404, says: "The connection does not reach this site." },
    "person-needed": { status: 403, says: "Only a person may have a site written to." },
    "reclaim-is-off": { status: 409, says: "The connection may not reclaim. Choose that capability first." },
    "already-running": { status: 409, says: "Another proof of this site is under way. Try again in three minutes." },
    "cannot-write": { status: 422, says: "The credentials at hand cannot do what a proof does, so nothing was sent." },
  },
});

const LIFE_CYCLE = {
  ...NO_SUCH_CONNECTION,
  ...ARCHIVED,
  "not-validated": {
    status: 409,
    says: "The connection is a draft. Check it first; a check that passes validates it.",
  },
  "already-published": { status: 409, says: "The connection was published before. If it is paused, resume it." },
  "not-published": { status: 409, says: "Only a published connection can be paused." },
  "not-paused": { status: 409, says: "Only a paused connection can be resumed." },
} as const;

const UNCONFIRMED_COPY = {
  "unconfirmed-copy": {
    status: 409,
    says:
      "This installation was restored from a backup, and the one it comes from may still live: two would undo each other. " +
      "Say that this is the living copy first: `usher restore confirm`.",
  },
} as const;

export const publishConnection = defineRoute({
  id: "connections.publish",
  method: "POST",
  path: "/connections/{connectionId}/publish",
  summary: "Hand a validated connection over to the schedule",
  description: "Each site gets its jobs and its first run.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: { ...LIFE_CYCLE, ...UNCONFIRMED_COPY },
});

export const pauseConnection = defineRoute({
  id: "connections.pause",
  method: "POST",
  path: "/connections/{connectionId}/pause",
  summary: "Stop the schedule of a connection",
  description: "A run that is under way ends by itself.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: LIFE_CYCLE,
});

export const resumeConnection = defineRoute({
  id: "connections.resume",
  method: "POST",
  path: "/connections/{connectionId}/resume",
  summary: "Let the schedule of a paused connection go on",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: { ...LIFE_CYCLE, ...UNCONFIRMED_COPY },
});

export const archiveConnection = defineRoute({
  id: "connections.archive",
  method: "POST",
  path: "/connections/{connectionId}/archive",
  summary: "End a connection for good",
  description: "Its history, seats and journal stay; its secrets are forgotten.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: LIFE_CYCLE,
});

export const connectionLifeRoutes = [
  checkConnection,
  proveWrites,
  publishConnection,
  pauseConnection,
  resumeConnection,
  archiveConnection,
];
