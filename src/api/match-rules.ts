import { z } from "zod";
import { ACCOUNT_MATCH_FIELDS, MATCH_SITUATIONS, PERSON_MATCH_FIELDS } from "../model/matching.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList } from "./lists.ts";

export const MatchSituationName = z.enum(MATCH_SITUATIONS).meta({
  id: "MatchSituation",
  description:
    "`matched`: one person; `conflicting`: one person, who has another account on the same site; `ambiguous`: several; `unmatched`: nobody, or only proposed; `ignored`: an app, or left alone by decision.",
});

const domain = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, "a domain such as acme.example");
const short = z.string().min(1).max(200);

export const Transform = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("lowercase") }),
    z.strictObject({ kind: z.literal("trim") }),
    z.strictObject({ kind: z.literal("strip-domain") }),
    z.strictObject({ kind: z.literal("replace-domain"), from: domain.nullable(), to: domain }),
    z.strictObject({ kind: z.literal("replace"), pattern: short, with: z.string().max(200) }),
    z.strictObject({ kind: z.literal("alias"), aliases: z.record(short, z.string().max(200)) }),
  ])
  .meta({ id: "MatchTransform" });

const fieldOf = (fields: readonly string[]) =>
  z
    .string()
    .regex(
      new RegExp(`^(?:${fields.join("|")}|attribute:[\\p{L}\\p{N}][\\p{L}\\p{N} _.\\-]{0,59})$`, "u"),
      `one of ${fields.join(", ")}, or attribute:<name>`,
    );

const ruleFields = {
  name: text(100),
  source: z
    .enum(["confluence-cloud", "confluence-data-center"])
    .nullable()
    .meta({ description: "Only accounts of this kind of source; null: of any." }),
  accountField: fieldOf(ACCOUNT_MATCH_FIELDS),
  accountTransforms: z.array(Transform).max(10),
  personField: fieldOf(PERSON_MATCH_FIELDS),
  personTransforms: z.array(Transform).max(10),
  confidence: z.enum(["exact", "likely"]).meta({
    description: "`exact` gives the account to the person; `likely` proposes it. Names can only propose.",
  }),
  isEnabled: z.boolean(),
};

export const MatchRule = z
  .object({
    id: z.string(),
    position: z.int(),
    ...ruleFields,
    accounts: z.int().meta({ description: "Accounts that it decides, or proposes a person for, now." }),
  })
  .meta({ id: "MatchRule" });

/** Left out in a new rule: of any source, as written, on. */
const newRule = {
  ...ruleFields,
  source: ruleFields.source.default(null),
  accountTransforms: ruleFields.accountTransforms.default([]),
  personTransforms: ruleFields.personTransforms.default([]),
  isEnabled: ruleFields.isEnabled.default(true),
};

const ruleParams = z.strictObject({ ruleId: idOf("rule") });
const NOT_RIGHT = {
  "rule-not-right": { status: 422, says: "The rule is not right, and nothing was changed." },
} as const;
const NO_SUCH_RULE = { "no-such-rule": { status: 404, says: "There is no such match rule." } } as const;

export const listMatchRules = defineList({
  id: "match-rules.list",
  path: "/match-rules",
  summary: "Rules that find the person behind an account, in their order",
  description:
    "The first exact rule that finds anybody decides: one person is the match, several are ambiguous. Likely rules propose where no exact one finds anybody.",
  scope: "inventory:read",
  item: MatchRule,
  sorts: ["position"],
});

export const createMatchRule = defineRoute({
  id: "match-rules.create",
  method: "POST",
  path: "/match-rules",
  summary: "Add a match rule",
  description: "Every account is matched anew at once. Preview the rules first to see what would change.",
  scope: "people:write",
  body: z.strictObject({
    ...newRule,
    position: z
      .int()
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .meta({ description: "From 1 on; null: behind all others." }),
  }),
  answer: z.object({ id: z.string() }),
  status: 201,
  refusals: { ...NOT_RIGHT, "too-many-rules": { status: 409, says: "There can be at most 50 match rules." } },
});

export const changeMatchRule = defineRoute({
  id: "match-rules.change",
  method: "PATCH",
  path: "/match-rules/{ruleId}",
  summary: "Change a match rule; every account is matched anew",
  scope: "people:write",
  params: ruleParams,
  body: z.strictObject(ruleFields).partial(),
  answer: z.object({ id: z.string() }),
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT },
});

export const orderMatchRules = defineRoute({
  id: "match-rules.order",
  method: "PUT",
  path: "/match-rules/order",
  summary: "Put the match rules into another order; every account is matched anew",
  scope: "people:write",
  body: z.strictObject({ ruleIds: z.array(idOf("rule")).max(50) }),
  refusals: {
    "not-every-rule": {
      status: 422,
      says: "The order has to name every match rule once. List them to see which there are.",
    },
  },
});

export const deleteMatchRule = defineRoute({
  id: "match-rules.delete",
  method: "DELETE",
  path: "/match-rules/{ruleId}",
  summary: "Take a match rule away; every account is matched anew",
  scope: "people:write",
  params: ruleParams,
  refusals: NO_SUCH_RULE,
});

const Situations = z
  .object({ matched: z.int(), unmatched: z.int(), ambiguous: z.int(), conflicting: z.int(), ignored: z.int() })
  .meta({ id: "MatchSituationCounts" });

export const MatchPreview = z
  .object({
    now: Situations,
    next: Situations,
    moved: z.int().meta({ description: "Accounts that would go to another person." }),
    changed: z.int().meta({ description: "Accounts of which anything else would be said." }),
    changes: z
      .array(
        z.object({
          accountId: z.string(),
          siteId: z.string(),
          site: z.string(),
          name: z.string(),
          from: MatchSituationName.nullable(),
          to: MatchSituationName,
          fromPersonId: z.string().nullable(),
          toPersonId: z.string().nullable(),
          ruleId: z.string().nullable().meta({ description: "`new-1` and so on for a rule that is not saved yet." }),
          candidates: z.array(z.string()),
        }),
      )
      .meta({ description: "The first 200, those that go to another person before the others." }),
  })
  .meta({ id: "MatchPreview" });

export const previewMatchRules = defineRoute({
  id: "match-rules.preview",
  method: "POST",
  path: "/match-rules/preview",
  summary: "What a list of match rules would do, without saving it",
  description:
    "The list takes the place of all rules that are saved. A saved rule is named by its id to tell which is which.",
  scope: "inventory:read",
  body: z.strictObject({
    rules: z.array(z.strictObject({ ...newRule, id: idOf("rule").optional() })).max(50),
  }),
  answer: MatchPreview,
  refusals: NOT_RIGHT,
});

export const matchRuleRoutes = [
  listMatchRules,
  createMatchRule,
  changeMatchRule,
  orderMatchRules,
  deleteMatchRule,
  previewMatchRules,
];

export const AccountMatch = z
  .object({
    accountId: z.string(),
    situation: MatchSituationName,
    personId: z.string().nullable().meta({ description: "Null: the account is a person of its own." }),
    method: z.enum(["rule", "manual", "account-type"]).nullable(),
    ruleId: z.string().nullable(),
    confidence: z.enum(["exact", "likely"]).nullable(),
    candidates: z
      .array(z.string())
      .meta({ description: "People whom a rule proposes, or between whom it cannot tell." }),
    candidateNames: z.array(z.string()).meta({ description: "How they are called, in the same order." }),
    by: z.string().meta({ description: "An operator's id, or `system`." }),
    at: instant,
    until: instant.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "AccountMatch" });

const accountParams = z.strictObject({ accountId: idOf("account") });
const NO_SUCH_ACCOUNT = { "no-such-account": { status: 404, says: "There is no such account." } } as const;

export const matchAccount = defineRoute({
  id: "accounts.match",
  method: "POST",
  path: "/accounts/{accountId}/match",
  summary: "Say who is behind an account, that it is nobody's, or leave it to the rules again",
  description:
    "`set` and `ignore` hold against every rule until `clear`, and for every account of the same identity: one Atlassian account id is one person on all sites.",
  scope: "people:write",
  params: accountParams,
  body: z.discriminatedUnion("decision", [
    z.strictObject({
      decision: z.literal("set"),
      personId: idOf("person"),
      reason: text(1000).nullable().default(null),
    }),
    z.strictObject({ decision: z.literal("ignore"), reason: text(1000) }),
    z.strictObject({ decision: z.literal("clear") }),
  ]),
  answer: AccountMatch,
  refusals: {
    ...NO_SUCH_ACCOUNT,
    "no-such-person": { status: 404, says: "There is no such person. List people to see who is known." },
    "nothing-to-clear": { status: 409, says: "Nobody decided about this account by hand; the rules have it already." },
  },
});

export const getAccountMatch = defineRoute({
  id: "accounts.match-history",
  method: "GET",
  path: "/accounts/{accountId}/match",
  summary: "Who was taken for the person behind an account, by what, and when; newest first",
  scope: "inventory:read",
  params: accountParams,
  answer: z.object({ history: z.array(AccountMatch) }),
  refusals: NO_SUCH_ACCOUNT,
});

export const accountMatchRoutes = [matchAccount, getAccountMatch];
