import type { RowOf } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Rule = RowOf<"match-rules.list">;
type Transform = Rule["accountTransforms"][number];

const ATTRIBUTE = "attribute:";

/** A field of an account or a person in words; an attribute by its own name. */
export function sayField(field: string): string {
  if (field.startsWith(ATTRIBUTE)) return t(texts.attribute, { name: field.slice(ATTRIBUTE.length) });
  return t(texts.field, { field });
}

/** What is done to both sides before they are compared. */
export function sayTransforms({
  accountTransforms,
  personTransforms,
}: Pick<Rule, "accountTransforms" | "personTransforms">): string {
  const account = accountTransforms.map(sayTransform).join(", ");
  const person = personTransforms.map(sayTransform).join(", ");
  if (account === person) return account === "" ? t(texts.asWritten) : t(texts.bothSides, { steps: account });
  return t(texts.eachSide, { account: account || t(texts.asWritten), person: person || t(texts.asWritten) });
}

function sayTransform(transform: Transform): string {
  switch (transform.kind) {
    case "lowercase":
      return t(texts.lowercase);
    case "trim":
      return t(texts.trim);
    case "strip-domain":
      return t(texts.stripDomain);
    case "replace-domain":
      return t(texts.replaceDomain, { from: transform.from ?? "*", to: transform.to });
    case "replace":
      return t(texts.replace, { pattern: transform.pattern, with: transform.with });
    case "alias":
      return t(texts.aliases, { count: Object.keys(transform.aliases).length });
  }
}
