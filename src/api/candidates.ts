import { z } from "zod";
import { CLOSED_CANDIDATE_STATES, OPEN_CANDIDATE_STATES } from "../model/reclamation.ts";
import { defineRoute, idOf, instant, type RefusalSpecs, text } from "./contract.ts";
import { searchFilter } from "./inventory.ts";
import { defineList, flag, manyOf } from "./lists.ts";

export const CandidateStateName = z
  .enum([...OPEN_CANDIDATE_STATES, ...CLOSED_CANDIDATE_STATES])
  .meta({ id: "CandidateState" });

const Hindrance = z
  .object({ code: z.string(), message: z.string(), fix: z.string().nullable() })
  .meta({ id: "CandidateHindrance" });

const Reason = z
  .object({
    is: z.string(),
    says: z.string(),
    isNegated: z.boolean(),
    saw: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "CandidateReason" });

const fields = {
  candidateId: z.string(),
  revision: z.int(),
  state: CandidateStateName,
  siteId: z.string(),
  site: z.string(),
  accountId: z.string(),
  personId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  seatId: z.string().nullable().meta({ description: "Null: a guest, who holds no paid place." }),
  ruleId: z.string().nullable().meta({ description: "Null: proposed by hand." }),
  rule: z.string().nullable(),
  proposedBy: z.string().nullable(),
  proposedReason: z.string().nullable(),
  because: z.array(Reason).meta({ description: "Which parts of the rule's condition held, with what they saw." }),
  lacksEvidence: z.boolean().meta({
    description: "Its evidence does not cover what the rule asks: it is taken only by its holder's own word.",
  }),
  lastUsedAt: instant.nullable().meta({ description: "The latest use that was known when it was found." }),
  detectedAt: instant,
  stateSince: instant,
  dueAt: instant.nullable().meta({ description: "When an answer or a decision is due." }),
  askedAt: instant.nullable(),
  remindersSent: z.int(),
  answer: z.enum(["keep", "give-back", "on-leave", "none"]).nullable(),
  answeredAt: instant.nullable(),
  leaveUntil: instant.nullable(),
  deciderPerson: z.string().nullable(),
  deciderEmail: z.string().nullable(),
  decidedBy: z.string().nullable().meta({ description: "An operator, a person, `named-decider` or `system`." }),
  keptUntil: instant.nullable(),
  scheduledFor: instant.nullable(),
  waits: Hindrance.nullable().meta({ description: "Why a seat that is decided is not taken yet." }),
  planId: z.string().nullable(),
  attention: Hindrance.nullable(),
  savesMinor: z.int().nullable().meta({ description: "A month of it, in minor units; null where no price is known." }),
  savesCurrency: z.string().nullable(),
  savesFrom: instant.nullable(),
  closedAt: instant.nullable(),
};

export const Candidate = z.object(fields).meta({ id: "Candidate" });

const Evidence = z.record(z.string(), z.unknown()).meta({
  description: "The latest use of each kind, and what is covered of reading, as known at that moment.",
});

export const CandidateDetail = z
  .object({
    ...fields,
    steps: z.array(
      z
        .object({
          seq: z.int(),
          at: instant,
          from: CandidateStateName.nullable(),
          to: CandidateStateName,
          actorId: z.string(),
          reason: z.string().nullable(),
          evidence: Evidence,
          detail: z.record(z.string(), z.unknown()),
        })
        .meta({ id: "CandidateStep" }),
    ),
  })
  .meta({ id: "CandidateDetail" });

const NO_SUCH_CANDIDATE = {
  "no-such-candidate": { status: 404, says: "There is no such candidate. List candidates to see which there are." },
} as const satisfies RefusalSpecs;

const NOT_DECIDED = {
  "move-not-allowed": {
    status: 409,
    says: "In its state this cannot be decided. Read it again to see where it stands.",
  },
  "own-answer-needed": {
    status: 409,
    says: "Its use could not be observed well enough, so only its holder's own answer may give it back. Ask them (`ask`).",
  },
  "acted-on": { status: 409, says: "It is closed. Propose the seat anew where it should be taken nevertheless." },
  "keep-date-wrong": { status: 422, says: "Keep it until a day after now, and no more than 730 days ahead." },
  "reason-needed": { status: 422, says: "Say why: a reason is needed for this decision." },
  "nothing-to-retry": { status: 409, says: "Only a candidate that needs attention can be retried." },
} as const satisfies RefusalSpecs;

const decisionBody = {
  verb: z.enum(["keep", "take", "ask", "cancel", "retry"]).meta({
    description:
      "`keep`: it stays, and is left alone until then. `take`: it is taken as its rule says when. `ask`: its holder is asked (again), whatever the rule says. `cancel`: closed without more. `retry`: from attention.",
  }),
  reason: text(500).nullable().default(null).meta({ description: "Needed to keep and to cancel." }),
  until: instant.nullable().default(null).meta({ description: "Of `keep`; null: the rule's cool-down." }),
};

export const listCandidates = defineList({
  id: "candidates.list",
  path: "/candidates",
  summary: "Seats that rules found or that were proposed, and where each stands",
  scope: "reclamation:read",
  item: Candidate,
  sorts: ["detectedAt", "stateSince", "dueAt", "scheduledFor", "lastUsedAt", "name"],
  defaultSort: "-detectedAt",
  filters: {
    state: manyOf(CandidateStateName).optional(),
    open: flag.optional().meta({ description: "`true`: those that still wait for something." }),
    ruleId: idOf("reclamation").optional(),
    siteId: idOf("site").optional(),
    personId: idOf("person").optional(),
    decider: text(254).optional().meta({ description: "Who is asked to decide: a person's id, or an e-mail address." }),
    lacksEvidence: flag.optional(),
    q: searchFilter,
  },
});

export const getCandidate = defineRoute({
  id: "candidates.get",
  method: "GET",
  path: "/candidates/{candidateId}",
  summary: "One candidate with every step: who, why, and what was known then",
  scope: "reclamation:read",
  params: z.strictObject({ candidateId: idOf("candidate") }),
  answer: CandidateDetail,
  revisioned: true,
  refusals: NO_SUCH_CANDIDATE,
});

export const decideCandidate = defineRoute({
  id: "candidates.decide",
  method: "POST",
  path: "/candidates/{candidateId}/decision",
  summary: "Decide about one candidate",
  scope: "reclamation:write",
  params: z.strictObject({ candidateId: idOf("candidate") }),
  body: z.strictObject(decisionBody),
  answer: CandidateDetail,
  revisioned: true,
  needsIfMatch: true,
  refusals: { ...NO_SUCH_CANDIDATE, ...NOT_DECIDED },
});

export const DECIDED_MAX = 200;

export const decideCandidates = defineRoute({
  id: "candidates.decide-many",
  method: "POST",
  path: "/candidates/decisions",
  summary: "The same decision about several candidates",
  description: "Each is decided by itself: what cannot be is told with its reason, and the others are done.",
  scope: "reclamation:write",
  body: z.strictObject({ candidateIds: z.array(idOf("candidate")).min(1).max(DECIDED_MAX), ...decisionBody }),
  answer: z
    .object({
      decided: z.int(),
      items: z.array(
        z
          .object({
            candidateId: z.string(),
            state: CandidateStateName.nullable().meta({ description: "Null: it was not decided." }),
            problem: z.object({ code: z.string(), says: z.string() }).nullable(),
          })
          .meta({ id: "DecidedCandidate" }),
      ),
    })
    .meta({ id: "DecidedCandidates" }),
});

export const PROPOSED_MAX = 5000;

const proposal = {
  reason: text(500).meta({ description: "Why these seats, for whoever is asked and for the record." }),
  ask: z
    .boolean()
    .default(true)
    .meta({ description: "False: nobody is asked first, which seats without evidence need." }),
  decider: z.email().max(254).nullable().default(null).meta({
    description: "Who decides where no answer comes and no manager is known.",
  }),
  preview: z.boolean().default(false).meta({ description: "Only say what would be done." }),
};

export const Proposal = z
  .object({
    isPreview: z.boolean(),
    proposed: z.int().meta({ description: "Candidates that were made, or would be." }),
    rows: z.int(),
    errors: z
      .array(
        z
          .object({
            row: z.int().meta({
              description: "Of a file as a spreadsheet counts, headings being row 1; else its place, from 1.",
            }),
            value: z.string(),
            what: z.string(),
            expected: z.string(),
          })
          .meta({ id: "ProposalError" }),
      )
      .meta({ description: "The first two hundred." }),
    errorsCount: z.int(),
  })
  .meta({ id: "CandidateProposal" });

const HAS_ERRORS = {
  "rows-with-errors": {
    status: 409,
    says: "Some rows are not right, so nothing was proposed. Correct them, or accept to leave them out (`acceptErrors`).",
  },
} as const satisfies RefusalSpecs;

const LIMITS = "They go the way of every candidate, under the limits of a rule with default settings.";

export const proposeCandidates = defineRoute({
  id: "candidates.propose",
  method: "POST",
  path: "/candidates/proposals",
  summary: "Propose seats by hand",
  description: LIMITS,
  scope: "reclamation:write",
  body: z
    .strictObject({
      ...proposal,
      accountIds: z.array(idOf("account")).max(1000).default([]),
      personIds: z.array(idOf("person")).max(1000).default([]).meta({ description: "Every seat of these people." }),
      acceptErrors: z
        .boolean()
        .default(false)
        .meta({ description: "Propose those that are right although others are not." }),
    })
    .refine(({ accountIds, personIds }) => accountIds.length + personIds.length > 0, {
      path: ["accountIds"],
      message: "at least one of `accountIds` and `personIds`",
    }),
  answer: Proposal,
  refusals: HAS_ERRORS,
});

export const proposeCandidatesFile = defineRoute({
  id: "candidates.propose-file",
  method: "POST",
  path: "/candidates/proposals/file",
  summary: "Propose the seats of a CSV file of e-mail addresses",
  description: `The column \`email\` names the holder; a column \`site\` the site where they hold several. Nothing is proposed unless \`apply\` says so; without it the answer says what would be. ${LIMITS}`,
  scope: "reclamation:write",
  takes: "csv",
  query: z.strictObject({
    reason: proposal.reason,
    ask: flag.default(true).meta({ description: "False: nobody is asked first." }),
    decider: z.email().max(254).optional().meta({ description: "Who decides where no manager is known." }),
    siteId: idOf("site").optional().meta({ description: "Only seats of this site." }),
    apply: flag.default(false),
    acceptErrors: flag.default(false),
  }),
  answer: Proposal,
  refusals: {
    ...HAS_ERRORS,
    "unreadable-file": { status: 422, says: "The file cannot be read as it is, and nothing was proposed." },
  },
});

export const candidateRoutes = [
  listCandidates,
  getCandidate,
  decideCandidate,
  decideCandidates,
  proposeCandidates,
  proposeCandidatesFile,
];
