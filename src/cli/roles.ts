import type { BodyOf } from "../api/contract.ts";
import { invitePerson } from "../api/operators.ts";
import { usageFailure } from "./failure.ts";

export type Role = BodyOf<typeof invitePerson>["roles"][number];

export const ROLES: readonly Role[] = invitePerson.body?.shape.roles.element.options ?? [];

/** Roles as they are typed, with spaces or commas between. */
export function rolesOf(given: readonly string[]): Role[] {
  return given
    .flatMap((each) => each.split(","))
    .map((each) => {
      const role = ROLES.find((known) => known === each);
      if (role) return role;
      throw usageFailure(`There is no role "${each}".`, `The roles are ${ROLES.join(", ")}.`);
    });
}
