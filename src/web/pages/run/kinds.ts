import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

/** Steps in the order in which a run reads. */
const LISTINGS: Readonly<Record<string, Text>> = {
  accounts: texts.listAccounts,
  "organization-accounts": texts.listOrganizationAccounts,
  "account-statuses": texts.listAccountStatuses,
  groups: texts.listGroups,
  "organization-groups": texts.listOrganizationGroups,
  "product-access": texts.listProductAccess,
  memberships: texts.listMemberships,
  "group-nestings": texts.listGroupNestings,
  spaces: texts.listSpaces,
  "space-permissions": texts.listSpacePermissions,
  "space-roles": texts.listSpaceRoles,
  "role-assignments": texts.listRoleAssignments,
  "content-activity": texts.listContentActivity,
  "audit-activity": texts.listAuditActivity,
  "group-by-id": texts.listGroupById,
  "space-by-id": texts.listSpaceById,
  "groups-of-account": texts.listGroupsOfAccount,
  seats: texts.diffSeats,
};

const ORDER = Object.keys(LISTINGS);

export function listingLabel(kind: string): string {
  const text = LISTINGS[kind];
  return text ? t(text) : kind;
}

/** In the order in which a run reads; what this version does not know comes last. */
export function inOrder<Step extends { kind: string }>(steps: readonly Step[]): Step[] {
  const place = ({ kind }: Step) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return [...steps].sort((left, right) => place(left) - place(right));
}
