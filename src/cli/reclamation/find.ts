import { getReclamationRule, listReclamationRules } from "../../api/reclamation-rules.ts";
import { findId } from "../find-one.ts";
import type { Session } from "../session.ts";
import type { Rule } from "./show.ts";

/** A rule by its id or its name. */
export async function findRule(session: Session, given: string): Promise<Rule> {
  const ruleId = await findId(session, {
    route: listReclamationRules,
    prefix: "reclamation",
    given,
    names: (row) => [row.name],
    idOf: (row) => row.id,
  });
  return session.call(getReclamationRule, { params: { ruleId } });
}
