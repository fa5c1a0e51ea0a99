import { BILLING_RULES } from "../../src/rules/billing/atlassian.ts";
import { page, table } from "./markdown.ts";

export function billingRulesPage(): string {
  return page(
    "# Billing rules",
    "What Atlassian says of billing, on which every figure of the [position](../guide/licenses.md) and of what can be saved rests. " +
      "How Usher reads them is in [the decision about billing](../decisions/billing.md).",
    table(
      ["rule", "source"],
      Object.values(BILLING_RULES).map(({ says, source }) => [says, source]),
    ),
  );
}
