import { z } from "zod";
import { instant } from "./contract.ts";
import { flag, wholeNumber } from "./lists.ts";

/** Schemas that the pages about people, seats, groups and spaces share. */

export const SeatStatusName = z
  .enum(["active", "idle", "never-used", "no-evidence"])
  .meta({ id: "SeatStatus", description: "Never merged: no evidence is not idleness." });

export const AccountClassName = z
  .enum(["licensed", "guest", "app", "customer", "deactivated", "no-access"])
  .meta({ id: "AccountClass" });

export const EvidenceKindName = z
  .enum(["viewed", "contributed", "administered", "authenticated"])
  .meta({ id: "EvidenceKind" });
export const EvidenceSourceName = z
  .enum(["content-search", "organization", "audit-log", "import"])
  .meta({ id: "EvidenceSource" });

export const EditionName = z.enum(["free", "standard", "premium", "enterprise", "data-center", "unrecognized"]);
export const GroupManagementName = z
  .enum(["admins", "external", "team-members", "open"])
  .meta({ id: "GroupManagement" });
export const PrincipalTypeName = z.enum(["user", "group", "role", "access-class"]).meta({ id: "PrincipalType" });

/** One fact that a status rests on, for programs; `because` is the same in words. */
export const StatusReason = z
  .object({
    code: z.enum(["last-used", "silence-proven", "nothing-seen", "reading-not-observed", "reading-not-covered"]),
    kind: EvidenceKindName.optional(),
    source: EvidenceSourceName.optional(),
    at: instant.optional(),
    since: instant.nullable().optional().meta({ description: "Null: the whole life of the account is known." }),
    until: instant.optional(),
    why: z.enum(["covers", "sees-only-writers", "begins-too-late", "ends-too-early"]).optional(),
  })
  .meta({ id: "StatusReason" });

export const Evidence = z
  .object({
    kind: EvidenceKindName,
    source: EvidenceSourceName,
    lastAt: instant.nullable().meta({ description: "Null: nothing seen since `knownSince`, not never active." }),
    knownSince: instant.nullable().meta({ description: "Null: the whole life of the account is known." }),
    knownUntil: instant,
    isOfSite: z.boolean().meta({ description: "It holds for everybody at the site, not for this account alone." }),
  })
  .meta({ id: "Evidence" });

export const viaField = z.array(z.string()).meta({
  description:
    "Names of the groups nested in it on the way to the account, which is a direct member of the last; empty for a direct member.",
});

/** One group that gives a seat, and what would go with it. */
export const SeatPath = z
  .object({
    through: z.enum(["group", "direct"]).meta({
      description: "`direct`: a global permission of the account itself, on Data Center.",
    }),
    groupId: z.string().nullable(),
    group: z.string().nullable(),
    via: viaField,
    access: z.enum(["user", "admin"]),
    managedBy: GroupManagementName.nullable().meta({
      description: "`external`: an identity provider keeps its members; nobody can be taken out of it here.",
    }),
    opensSpaces: z.int().meta({ description: "Spaces that the group opens besides." }),
  })
  .meta({ id: "SeatPath" });

/** One way from an account to a space. */
export const AccessPath = z
  .object({
    through: z.enum(["direct", "group", "access-class"]),
    principalId: z.string().meta({ description: "As the source knows it: account id, group id, or class." }),
    name: z.string().nullable().meta({ description: "The group, or the class in words; null for a direct right." }),
    via: viaField,
    canRead: z.boolean(),
    canAdminister: z.boolean(),
    roles: z.array(z.string()).meta({ description: "Names of the roles, on a site that uses roles." }),
  })
  .meta({ id: "AccessPath" });

export const nestedFilter = flag.optional().meta({
  description: "`true`: also through groups that are nested in each other (Data Center), with the way in `via`.",
});

export const costFields = {
  costPerMonthMinor: z
    .int()
    .nullable()
    .meta({ description: "At list price, in minor units; null where there is none." }),
  currency: z.string().nullable(),
};

export const lastActivityFields = {
  lastActivityAt: instant.nullable(),
  lastActivityKind: EvidenceKindName.nullable(),
  lastActivity: z.string().nullable().meta({ description: "What it was, where that is known." }),
};

export const searchFilter = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .optional()
  .meta({ description: "Part of the name or e-mail, whatever its case." });

export const daysFilter = wholeNumber(1, 3650).optional();
