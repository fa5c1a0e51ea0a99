import type { Text } from "../../text/define.ts";
import { texts } from "./texts.ts";

/** Names of products stay as they are in every language, and so do their own words. */
export const PRODUCTS = ["ServiceNow", "Flexera", "ConductorOne", "IDHub"] as const;

/** Our words beside those that each product uses for the same; null where it has no such thing. */
export const WORDS: readonly { ours: Text; theirs: readonly (string | null)[] }[] = [
  {
    ours: texts.wordConnection,
    theirs: [
      "integration profile, subflow, scheduled job result",
      "instance, integration task, execution log",
      "connector, sync",
      "connector",
    ],
  },
  {
    ours: texts.wordSeat,
    theirs: ["software subscription, user", "license assignment, user", "account, user", "account"],
  },
  { ours: texts.wordLicense, theirs: ["software entitlement", "license, purchase", null, null] },
  { ours: texts.wordEntitlement, theirs: [null, null, "entitlement, grant", "entitlement"] },
  {
    ours: texts.wordPosition,
    theirs: ["reconciliation, license position", "license usage, consumption", null, null],
  },
  {
    ours: texts.wordRule,
    theirs: [
      "reclamation rule, removal candidate, reclaim",
      "reclamation opportunity",
      "unused-access automation, revoke",
      "deprovision",
    ],
  },
  {
    ours: texts.wordExclusion,
    theirs: ["subscription exclusion rule, unrecognized subscription identifier", null, null, null],
  },
  {
    ours: texts.wordRequest,
    theirs: [null, null, "request, policy, temporary access", "request, workflow, fulfilment"],
  },
  { ours: texts.wordReview, theirs: [null, null, "campaign, review, certify or deny", null] },
];
