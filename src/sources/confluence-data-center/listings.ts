import type { Capability } from "../../model/connections.ts";
import type { SiteListing } from "../source.ts";

/** What there is to know of a listing before anything is asked: what it costs to lose it, and what it needs. */
export interface ListingKnowledge {
  /** As the object of a sentence: `may not read the members of groups`. */
  what: string;
  capability: Capability;
  /** Least role of the account behind the credential, in Confluence's words. */
  role: string;
  needsAdministrator?: boolean;
  /** Data Center has no such thing, whatever the credential. */
  isAbsent?: boolean;
}

const CAN_USE = "permission to use Confluence";
const ADMIN = "Confluence administrator";

export const LISTINGS: Record<SiteListing, ListingKnowledge> = {
  accounts: { what: "the users", capability: "roster", role: CAN_USE },
  "accounts-by-id": { what: "users by their keys", capability: "roster", role: CAN_USE },
  groups: { what: "groups", capability: "roster", role: CAN_USE },
  "product-access": {
    what: "the global permissions, which say which groups give Confluence",
    capability: "roster",
    role: ADMIN,
    needsAdministrator: true,
  },
  members: { what: "the members of groups", capability: "roster", role: ADMIN },
  "groups-of-account": { what: "the groups of a user", capability: "roster", role: CAN_USE },
  subgroups: { what: "groups within groups", capability: "roster", role: CAN_USE },
  spaces: {
    what: "spaces",
    capability: "permissions",
    role: `${CAN_USE}; a space is only shown to whoever may view it`,
  },
  "space-permissions": {
    what: "the permissions of spaces",
    capability: "permissions",
    role: `${ADMIN}, or administrator of the space`,
    needsAdministrator: true,
  },
  "space-roles": { what: "space roles", capability: "permissions", role: CAN_USE, isAbsent: true },
  "role-assignments": {
    what: "role assignments of spaces",
    capability: "permissions",
    role: CAN_USE,
    isAbsent: true,
  },
  content: {
    what: "who changed which content",
    capability: "activity",
    role: `${CAN_USE}; content is only found by whoever may view it`,
  },
  audit: { what: "the audit log", capability: "activity", role: ADMIN, needsAdministrator: true },
  "organization-accounts": {
    what: "organization above the instance",
    capability: "activity",
    role: CAN_USE,
    isAbsent: true,
  },
  "organization-groups": {
    what: "organization above the instance",
    capability: "roster",
    role: CAN_USE,
    isAbsent: true,
  },
};

export const SITE_LISTINGS = Object.keys(LISTINGS).filter((each): each is SiteListing => each in LISTINGS);
