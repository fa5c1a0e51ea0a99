import { z } from "zod";
import {
  ARCHIVED,
  CAPABILITY_CHOICE,
  capabilities,
  connectionParams,
  email,
  NO_SUCH_CONNECTION,
  typedSite,
} from "./connection-parts.ts";
import { Connection, ConnectionRow, SettingsChange } from "./connection-shapes.ts";
import { defineRoute, idOf, text } from "./contract.ts";
import { defineList, flag, manyOf } from "./lists.ts";
import { ConnectionStateName, HealthName, SiteModeName, Source } from "./sites.ts";

const CHOICE = {
  ...CAPABILITY_CHOICE,
  "name-taken": { status: 409, says: "Another connection has this name. Choose another one." },
  "owner-needed": {
    status: 422,
    says: "A connection has at least one owner. Give the e-mail of whoever answers for it.",
  },
} as const;

export const listConnections = defineList({
  id: "connections.list",
  path: "/connections",
  summary: "Connections and how their sites are",
  scope: "connections:read",
  item: ConnectionRow,
  sorts: ["name", "createdAt", "lastSyncedAt"],
  filters: {
    state: manyOf(ConnectionStateName).optional(),
    health: manyOf(HealthName).optional(),
    mode: SiteModeName.optional().meta({ description: "At least one of its sites has this mode." }),
    source: Source.optional(),
    mine: flag.optional().meta({ description: "`true`: those whose owners the caller is among, by e-mail." }),
    owner: email.optional().meta({ description: "Those whose owners this e-mail is among." }),
    siteId: idOf("site").optional(),
    q: text(100).optional().meta({ description: "A part of the name, or of the name or address of a site." }),
  },
});

export const getConnection = defineRoute({
  id: "connections.get",
  method: "GET",
  path: "/connections/{connectionId}",
  summary: "One connection with its sites and credentials",
  scope: "connections:read",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: NO_SUCH_CONNECTION,
});

export const createConnection = defineRoute({
  id: "connections.create",
  method: "POST",
  path: "/connections",
  summary: "Make a draft of a connection",
  description: "Nothing is asked of the source yet. Sites are joined as soon as a credential reaches them.",
  scope: "connections:write",
  body: z.strictObject({
    name: text(100),
    source: Source.default("confluence-cloud"),
    capabilities: capabilities
      .nullable()
      .default(null)
      .meta({ description: "Null: roster, activity and permissions." }),
    settings: SettingsChange.default({}),
    owners: z.array(email).max(50).nullable().default(null).meta({ description: "Null: whoever makes it." }),
    sites: z.array(typedSite).max(50).default([]),
    from: idOf("connection").nullable().default(null).meta({
      description: "Start with the settings and capabilities of this one; secrets are never taken over.",
    }),
  }),
  answer: Connection,
  status: 201,
  revisioned: true,
  refusals: { ...CHOICE, ...NO_SUCH_CONNECTION },
});

export const changeConnection = defineRoute({
  id: "connections.change",
  method: "PATCH",
  path: "/connections/{connectionId}",
  summary: "Change a connection's name, owners, capabilities or settings",
  description:
    "What is left out stays. Name and owners change at once. Capabilities and settings of a published or paused connection become its pending revision, which is checked and then applied; the running connection goes on as it is.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({
    name: text(100).optional(),
    owners: z.array(email).min(1).max(50).optional(),
    capabilities: capabilities.optional(),
    settings: SettingsChange.optional(),
  }),
  answer: Connection,
  needsIfMatch: true,
  revisioned: true,
  refusals: { ...NO_SUCH_CONNECTION, ...ARCHIVED, ...CHOICE },
});

export const connectionRoutes = [listConnections, createConnection, getConnection, changeConnection];
