import { z } from "zod";
import { instant } from "./contract.ts";
import { CapabilityName, ConnectionStateName, HealthName, SiteModeName, SiteOfConnection, Source } from "./sites.ts";

export const Settings = z
  .object({
    analyzeActivitySince: instant.meta({
      description: "Activity before this is not collected. Default: 90 days back.",
    }),
    idleAfterDays: z.int().min(1).max(730).meta({ description: "Days without use after which a seat is idle." }),
    staleAfterHours: z.int().min(1).max(8760).meta({ description: "Data older than this is stale." }),
    safeguardPercentMax: z.int().min(0).max(100).meta({
      description:
        "A sync that would remove more than this share of a kind, and at least `safeguardCountMin`, is held.",
    }),
    safeguardCountMin: z.int().min(0).max(1_000_000),
    splitDisplayName: z.boolean().meta({
      description:
        "Split given and family name from the display name where no source gives them; such parts are marked.",
    }),
  })
  .meta({ id: "ConnectionSettings" });

export const Credential = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    kind: z.enum([
      "oauth",
      "api-token",
      "scoped-api-token",
      "organization-key",
      "scim-key",
      "personal-access-token",
      "basic",
    ]),
    label: z.string(),
    accountEmail: z.string().nullable(),
    username: z.string().nullable().meta({ description: "Only of basic authentication at Data Center." }),
    clientId: z.string().nullable(),
    scopes: z
      .array(z.string())
      .nullable()
      .meta({ description: "What was granted; null where the source does not tell." }),
    askedScopes: z
      .array(z.string())
      .nullable()
      .meta({ description: "Asked consent for in place of what the capabilities need; null asks for that." }),
    coveredSites: z
      .array(z.string())
      .nullable()
      .meta({ description: "Source keys of the sites it is known to reach; null where that was never told." }),
    sourceAccountId: z.string().nullable(),
    organizationId: z.string().nullable().meta({ description: "As it was entered with an organization key." }),
    directoryId: z.string().nullable().meta({ description: "The directory that a SCIM key opens." }),
    expiresAt: instant.nullable(),
    state: z.enum(["active", "needs-reauthorization", "replaced"]),
    isAuthorized: z.boolean().meta({ description: "False for an OAuth app that nobody has consented to yet." }),
    createdAt: instant,
  })
  .meta({ id: "Credential", description: "A credential as everyone may know it: a secret is never returned." });

const connectionFields = {
  id: z.string(),
  name: z.string(),
  source: Source,
  state: ConnectionStateName,
  capabilities: z.array(CapabilityName),
  settings: Settings,
  owners: z.array(z.string()).meta({ description: "E-mails." }),
  revision: z.int(),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
};

export const ConnectionRow = z
  .object({
    ...connectionFields,
    health: HealthName.meta({
      description: "Of its sites the one that most needs somebody; `not-connected` where it has none.",
    }),
    lastSyncedAt: instant.nullable().meta({
      description: "The last good sync of the site whose is longest ago; null while one was never read.",
    }),
    nextRunAt: instant.nullable().meta({ description: "When the first of its sites is read by schedule next." }),
    people: z.int().meta({ description: "Persons known on its sites, each once." }),
    seats: z.int().meta({ description: "Seats held on its sites." }),
    coverage: z
      .object({
        listings: z.int().meta({ description: "What the last full runs of its sites were to read." }),
        complete: z.int(),
        notAllowed: z.int().meta({ description: "What the credentials may not read." }),
        failed: z.int(),
      })
      .nullable()
      .meta({ description: "Null while none of its sites was read." }),
    credentialExpiresAt: instant
      .nullable()
      .meta({ description: "When the first of its credentials ends; null: none does, or nobody said when." }),
    hasPendingRevision: z.boolean().meta({ description: "A change of it waits to be checked and applied." }),
    wantedSites: z.int().meta({ description: "Sites that were asked for and that no credential reaches yet." }),
    sites: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        baseUrl: z.string(),
        mode: SiteModeName,
        health: HealthName,
        healthDetail: SiteOfConnection.shape.healthDetail,
        lastSyncedAt: instant.nullable(),
        runId: z.string().nullable().meta({ description: "The run that is queued or under way." }),
      }),
    ),
  })
  .meta({ id: "ConnectionRow" });

export const SettingsChange = Settings.partial().strict();

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

export const Difference = z
  .object({
    field: z.string(),
    before: value.nullable().meta({ description: "Null: it is new." }),
    after: value.nullable().meta({ description: "Null: it goes." }),
  })
  .meta({ id: "Difference" });

const revisionFields = {
  id: z.string(),
  state: z.enum(["pending", "validating", "valid", "invalid"]).meta({
    description: "`pending`: not checked as it is now; `invalid`: the check found that it does not work.",
  }),
  revision: z.int().meta({ description: "Of the pending revision; `If-Match` compares it." }),
  differences: z.array(Difference).meta({ description: "Field by field, what is running and what would be." }),
  waitsFor: z.array(z.string()).meta({ description: "Consents that it needs before it can be checked, in words." }),
};

const RevisionProbe = SiteOfConnection.shape.probes.element.extend({ site: z.string() }).meta({ id: "RevisionProbe" });

export const PendingRevision = z
  .object({
    ...revisionFields,
    connectionId: z.string(),
    addSites: z.array(z.string()).meta({ description: "As they were typed." }),
    removeSites: z.array(z.string()).meta({ description: "Ids." }),
    removeCredentials: z.array(z.string()).meta({ description: "Ids." }),
    blocking: z.array(RevisionProbe).meta({ description: "Why it cannot be applied." }),
    warnings: z.array(RevisionProbe).meta({ description: "What works less than it did, for a person to accept." }),
    sites: z.array(
      z.object({
        siteId: z.string().nullable().meta({ description: "Null: it is added by the revision." }),
        name: z.string(),
        baseUrl: z.string(),
        probes: SiteOfConnection.shape.probes,
      }),
    ),
    credentials: z.array(Credential.extend({ replacesId: z.string().nullable() }).meta({ id: "PendingCredential" })),
    checkedAt: instant.nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedBy: z.string(),
    updatedAt: instant,
  })
  .meta({ id: "PendingRevision" });

export const Connection = z
  .object({
    ...connectionFields,
    pendingRevision: z
      .object(revisionFields)
      .nullable()
      .meta({ description: "A change that waits to be checked and applied; null where none does." }),
    sites: z.array(SiteOfConnection),
    wantedSites: z
      .array(z.object({ typed: z.string(), problem: z.string().nullable() }))
      .meta({ description: "Sites as they were typed that no credential reaches yet; joined as soon as one does." }),
    credentials: z.array(Credential),
    redirectUrl: z.string().meta({ description: "To enter as callback URL in the settings of an OAuth app." }),
  })
  .meta({ id: "Connection" });

export const CheckReport = z
  .object({
    isValid: z.boolean().meta({ description: "The roster can be read on at least one site." }),
    state: ConnectionStateName,
    sites: z.array(
      z.object({
        siteId: z.string(),
        name: z.string(),
        isUsable: z.boolean(),
        failed: z.array(CapabilityName),
        health: HealthName,
        healthDetail: SiteOfConnection.shape.healthDetail,
        probes: SiteOfConnection.shape.probes,
        forecast: SiteOfConnection.shape.forecast,
      }),
    ),
  })
  .meta({ id: "CheckReport" });

export const ReachableSite = z
  .object({ sourceKey: z.string(), name: z.string(), baseUrl: z.string(), scopes: z.array(z.string()) })
  .meta({ id: "ReachableSite" });

export const WriteProof = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    siteId: z.string(),
    requestedBy: z.string(),
    groupName: z.string().meta({ description: "The temporary group; no other group bears this name." }),
    state: z.enum(["proved", "failed"]),
    steps: z.array(
      z.object({
        name: z.string(),
        outcome: z.enum(["passed", "failed"]),
        detail: z.string().meta({ description: "What was seen, in words." }),
        tookMs: z.int().min(0),
      }),
    ),
    problem: z
      .object({ code: z.string(), reason: z.string(), fix: z.string() })
      .nullable()
      .meta({ description: "Why it failed, and what to do." }),
    mayBeLeft: z.boolean().meta({ description: "The temporary group may still be there; the next proof deletes it." }),
    notes: z.array(z.string()).meta({ description: "What was cleaned up, of this proof or an earlier one." }),
    startedAt: instant,
    finishedAt: instant,
  })
  .meta({ id: "WriteProof" });
