import type { ConditionKind } from "./condition.ts";
import { account } from "./account.ts";
import { duplicateAccount } from "./duplicate-account.ts";
import { edition } from "./edition.ts";
import { editionIdentifier } from "./edition-identifier.ts";
import { expression } from "./expression.ts";
import { groupMember } from "./group-member.ts";
import { guestWithoutSpace } from "./guest-without-space.ts";
import { idle } from "./idle.ts";
import { neverUsed } from "./never-used.ts";
import { outsider } from "./outsider.ts";
import { overCapacity } from "./over-capacity.ts";
import { person } from "./person.ts";
import { personLeft } from "./person-left.ts";

/** Every condition, in the order in which they are offered. */
export const CONDITIONS: readonly ConditionKind[] = [
  idle,
  neverUsed,
  personLeft,
  guestWithoutSpace,
  duplicateAccount,
  outsider,
  overCapacity,
  person,
  account,
  groupMember,
  edition,
  editionIdentifier,
  expression,
];
