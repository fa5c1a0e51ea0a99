import { mix, uuid } from "../random.ts";
import type { Space } from "./spaces.ts";
import { standsIn } from "./transition.ts";
import type { SiteWorld } from "./world.ts";

export type PrincipalType = "USER" | "GROUP" | "ACCESS_CLASS";

export interface RoleAssignment {
  principalType: PrincipalType;
  principalId: string;
  roleId: string;
}

export interface SpaceRole {
  id: string;
  type: "SYSTEM" | "CUSTOM";
  name: string;
  description: string;
  spacePermissions: string[];
}

/** The catalog behind `GET /wiki/api/v2/space-permissions`, each with what it cannot be without. */
export const SPACE_PERMISSIONS: readonly {
  id: string;
  displayName: string;
  description: string;
  requires: string[];
}[] = [
  { id: "read/space", displayName: "View content", description: "See the space and what is in it", requires: [] },
  { id: "create/page", displayName: "Create content", description: "Create and edit pages", requires: ["read/space"] },
  { id: "create/comment", displayName: "Comment", description: "Comment on content", requires: ["read/space"] },
  {
    id: "create/attachment",
    displayName: "Attach files",
    description: "Attach files to content",
    requires: ["read/space"],
  },
  {
    id: "delete/space",
    displayName: "Delete own content",
    description: "Delete one's own content",
    requires: ["read/space"],
  },
  {
    id: "delete/page",
    displayName: "Delete anyone's content",
    description: "Delete content of others",
    requires: ["read/space"],
  },
  {
    id: "archive/page",
    displayName: "Archive any content in the space",
    description: "Archive content",
    requires: ["read/space"],
  },
  { id: "export/space", displayName: "Export space", description: "Export the space", requires: ["read/space"] },
  {
    id: "manage_users/space",
    displayName: "Manage access",
    description: "Give and take access",
    requires: ["read/space"],
  },
  {
    id: "administer/space",
    displayName: "Manage space features",
    description: "Change settings",
    requires: ["read/space"],
  },
];

const READS = ["read/space"];
const COLLABORATES = [...READS, "create/page", "create/comment", "create/attachment", "delete/space"];
const MANAGES = [...COLLABORATES, "delete/page", "archive/page", "export/space"];

/** The four default roles and one custom one (FACTS §4). */
export function makeRoles(seed: number): SpaceRole[] {
  const role = (number: number, type: SpaceRole["type"], name: string, spacePermissions: string[]): SpaceRole => ({
    id: uuid(seed, 7_000, number),
    type,
    name,
    description: `${name} of a space`,
    spacePermissions,
  });
  return [
    role(
      0,
      "SYSTEM",
      "Admin",
      SPACE_PERMISSIONS.map((each) => each.id),
    ),
    role(1, "SYSTEM", "Manager", MANAGES),
    role(2, "SYSTEM", "Collaborator", COLLABORATES),
    role(3, "SYSTEM", "Viewer", READS),
    role(4, "CUSTOM", "Commenter: External/Partners", [...READS, "create/comment"]),
  ];
}

/** Average of the role assignments of a space (TRAPS §1 counts with 40). */
const AVERAGE_ASSIGNMENTS = 40;
const LARGE_SPACE_ASSIGNMENTS = 260;

/** The assignments of a space as they are now. A principal has at most one role in a space. */
export function roleAssignments(site: SiteWorld, space: Space): RoleAssignment[] {
  const byPrincipal = new Map<string, RoleAssignment>();
  const assign = (principalType: PrincipalType, principalId: string, role: number) => {
    const roleId = site.roles[role]?.id ?? "";
    const key = `${principalType}:${principalId}`;
    if (!byPrincipal.has(key)) byPrincipal.set(key, { principalType, principalId, roleId });
  };
  const place = site.number * 1_000_000 + space.number;

  assign("ACCESS_CLASS", "all-product-admins", 0);
  assign("USER", site.people[space.author]?.id ?? "", 0);
  if (mix(site.seed, place, 70) % 10 < 4) assign("ACCESS_CLASS", "all-licensed-users", 2);
  if (space.number % 16 === 5) assign("ACCESS_CLASS", "anonymous-users", 3);
  for (const guest of site.guestsOfSpace(space.number)) assign("USER", guest, 4);
  const wanted =
    space.number % 40 === 39 ? LARGE_SPACE_ASSIGNMENTS : AVERAGE_ASSIGNMENTS - 20 + (mix(site.seed, place, 71) % 35);
  for (let draw = 0; byPrincipal.size < wanted && draw < 2_000; draw++) {
    const chance = mix(site.seed, place, 72, draw);
    const choice = chance >>> 8;
    if (choice % 10 < 3)
      assign("GROUP", site.seededGroupIds[1 + (choice % (site.seededGroupIds.length - 1))] ?? "", 1 + (chance % 3));
    else
      assign(
        "USER",
        site.people[site.seededMembers[choice % site.seededMembers.length] ?? 0]?.id ?? "",
        1 + (chance % 4),
      );
  }

  for (const [key, { principalId }] of byPrincipal) {
    if (!standsIn("assignment", site, space, principalId)) byPrincipal.delete(key);
  }
  for (const [key, change] of site.roleChanges.get(space.number) ?? []) {
    if (change) byPrincipal.set(key, change);
    else byPrincipal.delete(key);
  }
  return [...byPrincipal.values()].filter((each) => !site.removedPrincipals.has(each.principalId));
}
