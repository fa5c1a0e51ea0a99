import type { Capability } from "../../model/connections.ts";
import type { SiteListing } from "../source.ts";

/** What there is to know of a listing before anything is asked: what it costs to lose it, and what it needs. */
export interface ListingKnowledge {
  /** As the object of a sentence: `Usher cannot read the members of groups`. */
  what: string;
  capability: Capability;
  api: "site" | "organization";
  /** Any one of these sets serves; the ones with classic scopes come first (FACTS §1, scopes per endpoint). */
  scopeChoices: readonly (readonly string[])[];
  /** Least role of the account behind the credential, in Atlassian's words. */
  role: string;
  needsAdministrator?: boolean;
  /** The product has no such thing, whatever the credential. */
  isAbsent?: boolean;
}

const CAN_USE = "permission to use Confluence";
const ORGANIZATION_ADMIN = "organization admin";

export const LISTINGS: Record<SiteListing, ListingKnowledge> = {
  accounts: {
    what: "the site's users",
    capability: "roster",
    api: "site",
    scopeChoices: [["read:content-details:confluence"]],
    role: CAN_USE,
  },
  "accounts-by-id": {
    what: "users by their ids",
    capability: "roster",
    api: "site",
    // Only the first tells the status of an account; the other two read the same people without it.
    scopeChoices: [["read:user:confluence"], ["read:confluence-user"], ["read:content-details:confluence"]],
    role: `${CAN_USE} and to view user profiles`,
  },
  groups: {
    what: "groups",
    capability: "roster",
    api: "site",
    scopeChoices: [["read:confluence-groups"], ["read:group:confluence"]],
    role: CAN_USE,
  },
  "product-access": {
    what: "the groups that give Confluence",
    capability: "roster",
    api: "site",
    scopeChoices: [["read:confluence-groups"], ["read:group:confluence"]],
    role: CAN_USE,
  },
  members: {
    what: "the members of groups",
    capability: "roster",
    api: "site",
    scopeChoices: [["read:confluence-groups"], ["read:group:confluence", "read:user:confluence"]],
    role: CAN_USE,
  },
  "groups-of-account": {
    what: "the groups of a user",
    capability: "roster",
    api: "site",
    scopeChoices: [["read:confluence-user"], ["read:user:confluence", "read:group:confluence"]],
    role: CAN_USE,
  },
  subgroups: {
    what: "groups within groups",
    capability: "roster",
    api: "site",
    scopeChoices: [],
    role: CAN_USE,
    isAbsent: true,
  },
  spaces: {
    what: "spaces",
    capability: "permissions",
    api: "site",
    scopeChoices: [["read:space:confluence"]],
    role: `${CAN_USE}; a space is only shown to whoever may view it`,
  },
  "space-permissions": {
    what: "the permissions of spaces",
    capability: "permissions",
    api: "site",
    scopeChoices: [["read:space:confluence"]],
    role: "permission to view the space",
  },
  "space-roles": {
    what: "space roles",
    capability: "permissions",
    api: "site",
    scopeChoices: [["read:space.permission:confluence"]],
    role: CAN_USE,
  },
  "role-assignments": {
    what: "the role assignments of spaces",
    capability: "permissions",
    api: "site",
    scopeChoices: [["read:space.permission:confluence"]],
    role: "permission to view the space",
  },
  content: {
    what: "who changed which content",
    capability: "activity",
    api: "site",
    scopeChoices: [["search:confluence"], ["read:content-details:confluence"]],
    role: `${CAN_USE}; content is only found by whoever may view it`,
  },
  audit: {
    what: "the audit log",
    capability: "activity",
    api: "site",
    scopeChoices: [["read:audit-log:confluence"]],
    role: "Confluence administrator",
    needsAdministrator: true,
  },
  "organization-accounts": {
    what: "the organization's users with their last activity",
    capability: "activity",
    api: "organization",
    scopeChoices: [["read:directories:admin", "read:accounts:admin"]],
    role: ORGANIZATION_ADMIN,
  },
  "organization-groups": {
    what: "the organization's groups with their counts",
    capability: "roster",
    api: "organization",
    scopeChoices: [["read:directories:admin", "read:groups:admin"]],
    role: ORGANIZATION_ADMIN,
  },
};

export const SITE_LISTINGS = Object.keys(LISTINGS).filter((each): each is SiteListing => each in LISTINGS);
