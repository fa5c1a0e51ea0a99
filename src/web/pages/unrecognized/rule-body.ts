import type { RowOf } from "../../api/call.ts";

type Rule = RowOf<"match-rules.list">;
type Body = Omit<Rule, "id" | "position" | "accounts">;

/** A rule as its form says it; of one that is there the steps before comparing stay what they are. */
export function ruleOf(form: FormData, rule: Rule | null): Body {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const steps = stepsOf(form);
  return {
    name: text("name"),
    source: (text("source") || null) as Body["source"],
    accountField: text("accountField"),
    accountTransforms: rule?.accountTransforms ?? steps,
    personField: text("personField"),
    personTransforms: rule?.personTransforms ?? steps,
    confidence: text("confidence") === "exact" ? "exact" : "likely",
    isEnabled: form.get("isEnabled") !== null,
  };
}

function stepsOf(form: FormData): Body["accountTransforms"] {
  return [
    ...(form.get("ignoreCase") === null ? [] : [{ kind: "trim" as const }, { kind: "lowercase" as const }]),
    ...(form.get("stripDomain") === null ? [] : [{ kind: "strip-domain" as const }]),
  ];
}
