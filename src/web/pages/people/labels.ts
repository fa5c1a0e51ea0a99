import type { AnswerFor, RowOf } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { texts } from "./texts.ts";

export type PersonRow = RowOf<"people.list">;
export type PersonDetail = AnswerFor<"people.get">;
export type PersonAccount = PersonDetail["accounts"][number];

export const CLASSES: Readonly<Record<PersonRow["accountClass"], Text>> = {
  licensed: texts.licensed,
  guest: texts.guest,
  app: texts.app,
  customer: texts.customer,
  deactivated: texts.deactivated,
  "no-access": texts.noAccess,
};

export const PERSON_STATUSES: Readonly<Record<NonNullable<PersonRow["personStatus"]>, Text>> = {
  active: texts.employed,
  left: texts.left,
  disabled: texts.disabled,
};

export const SITUATIONS: Readonly<Record<"matched" | "conflicting" | "ambiguous" | "unmatched" | "ignored", Text>> = {
  matched: texts.matched,
  conflicting: texts.conflicting,
  ambiguous: texts.ambiguous,
  unmatched: texts.unmatched,
  ignored: texts.ignored,
};
