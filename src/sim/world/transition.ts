import { mix } from "../random.ts";
import type { Space } from "./spaces.ts";
import type { SiteWorld } from "./world.ts";

/** Which model a right of the seed stands in on a site between the two. */
export type RightModel = "permission" | "assignment";

/**
 * Whether a principal's seeded right in a space stands in this model. A site that is not in transition has all of its
 * rights in each: only one of them is in force. In between every third space has not begun, every third has ended, and in
 * the others each principal stands in the old model, in the new one, or in both (TRAPS §2.9).
 */
export function standsIn(model: RightModel, site: SiteWorld, space: Space, principalId: string): boolean {
  if (site.roleMode !== "ROLES_TRANSITION") return true;
  if (space.number % 3 === 0) return model === "permission";
  if (space.number % 3 === 2) return model === "assignment";
  const draw = mix(site.seed, space.number, 73, numberOf(principalId)) % 4;
  return draw === 0 || (draw === 1) === (model === "permission");
}

/** A class is one principal whichever way it is spelled. */
function numberOf(principalId: string): number {
  let number = 0;
  for (const letter of principalId.toLowerCase().replaceAll("_", "-"))
    number = (Math.imul(number, 31) + letter.charCodeAt(0)) | 0;
  return number;
}
