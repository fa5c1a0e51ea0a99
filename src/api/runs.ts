import { z } from "zod";
import { ANSWER_KINDS } from "../model/runs.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

const RUN_STATES = ["queued", "running", "succeeded", "partial", "failed", "canceled", "held"] as const;
const LISTING_STATES = ["waiting", "reading", "complete", "failed", "not-allowed"] as const;
const RUN_SCOPES = ["full", "license", "delta"] as const;
const LEVELS = ["info", "warn", "error"] as const;

export const Run = z
  .object({
    id: z.string(),
    siteId: z.string(),
    siteName: z.string(),
    connectionId: z.string(),
    scope: z.enum(RUN_SCOPES).meta({
      description:
        "`license` reads only what decides who holds a seat; `delta` looks again at what the audit log names since the run before.",
    }),
    trigger: z.enum(["schedule", "person", "publish"]),
    state: z.enum(RUN_STATES),
    requestedBy: z.string(),
    requestedAt: instant,
    startedAt: instant.nullable(),
    observedAt: instant.nullable().meta({ description: "The one instant that the run's facts carry." }),
    finishedAt: instant.nullable(),
    counts: z.object({
      read: z.int(),
      added: z.int(),
      changed: z.int(),
      gone: z.int(),
      notVisible: z.int().meta({ description: "No longer visible to this credential, which closes nothing." }),
      errors: z.int(),
    }),
    requests: z.int(),
    points: z.int().meta({ description: "Of the hourly quota of OAuth 2.0 (3LO); 0 with API tokens." }),
    forecastRequests: z.int().nullable(),
    forecastPoints: z.int().nullable(),
    waitedMs: z.int().meta({ description: "Milliseconds spent waiting because the source asked us to slow down." }),
    resumed: z.int().meta({ description: "How many times another process took the run over." }),
    held: z
      .object({
        kinds: z.record(z.string(), z.object({ known: z.int(), gone: z.int(), reason: z.string() })),
      })
      .nullable()
      .meta({ description: "What the safeguard holds back until a person decides; null when nothing is held." }),
    heldDecision: z.enum(["accepted", "discarded"]).nullable().meta({
      description:
        "What a person decided about it. An accepted difference is closed by the site's next run; until then the run stays held.",
    }),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    worker: z.string().nullable().meta({ description: "The process that had it last, as `/status` names it." }),
    answers: z.record(z.enum(ANSWER_KINDS), z.int()).meta({
      description:
        "Requests by how they were answered. `slowed`: asked to wait; `refused`: no right or sign-in; `failed`: any other error; `silent`: no answer.",
    }),
  })
  .meta({ id: "Run" });

export const ListingTotals = z
  .object({
    kind: z.string(),
    listings: z.int(),
    ended: z.int(),
    complete: z.int(),
    failed: z.int(),
    notAllowed: z.int(),
    reading: z.int().meta({ description: "Being read just now." }),
    rows: z.int(),
    pages: z.int(),
    added: z.int(),
    changed: z.int(),
    gone: z.int(),
    errors: z.int(),
    startedAt: instant.nullable().meta({ description: "When the first of them was begun." }),
    updatedAt: instant.nullable().meta({ description: "When something of one that was begun last changed." }),
    state: z.enum(["waiting", "reading", "complete", "partial", "failed", "not-allowed"]).meta({
      description: "`partial`: all have ended, and not all are complete.",
    }),
    tookMs: z
      .int()
      .nullable()
      .meta({ description: "From the first begun to the last change; null while none was begun." }),
    rowsPerSecond: z.number().nullable(),
  })
  .meta({
    id: "ListingTotals",
    description: "A step of a run: how far the listings of one kind are, and what came of them.",
  });

const EarlierRun = z
  .object({
    id: z.string(),
    state: z.enum(RUN_STATES),
    startedAt: instant.nullable(),
    finishedAt: instant,
    counts: Run.shape.counts,
    requests: z.int(),
  })
  .meta({ id: "EarlierRun" });

export const RunEvent = z
  .object({
    seq: z.int(),
    at: instant,
    level: z.enum(LEVELS),
    event: z.string().meta({ description: "For programs, such as `listing.complete`." }),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "RunEvent" });

export const RunListing = z
  .object({
    key: z.string(),
    kind: z.string(),
    scope: z.string().nullable(),
    state: z.enum(LISTING_STATES),
    pages: z.int(),
    rows: z.int(),
    restarts: z.int(),
    startedAt: instant.nullable(),
    updatedAt: instant,
    error: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }).nullable(),
  })
  .meta({ id: "RunListing" });

export const RunUpdate = z
  .object({ run: Run, progress: z.array(ListingTotals), events: z.array(RunEvent) })
  .meta({ id: "RunUpdate", description: "The run as it is now, and what was logged since the update before." });

const params = z.strictObject({ runId: idOf("run") });
const NO_SUCH_RUN = { "no-such-run": { status: 404, says: "There is no such run." } } as const;
const RUN_UNDER_WAY = {
  "run-under-way": {
    status: 409,
    says: "A run of this site is already queued or under way. Wait until it has ended, or cancel it first.",
  },
} as const;

export const listRuns = defineList({
  id: "runs.list",
  path: "/runs",
  summary: "Walks of sites, newest first",
  scope: "runs:read",
  item: Run,
  sorts: ["requestedAt"],
  defaultSort: "-requestedAt",
  filters: {
    siteId: idOf("site").optional(),
    connectionId: idOf("connection").optional(),
    state: manyOf(z.enum(RUN_STATES)).optional(),
    scope: z.enum(RUN_SCOPES).optional(),
  },
});

export const getRun = defineRoute({
  id: "runs.get",
  method: "GET",
  path: "/runs/{runId}",
  summary: "One run and how far it is",
  scope: "runs:read",
  params,
  answer: Run.extend({
    progress: z.array(ListingTotals),
    waitsUntil: instant.nullable().meta({
      description: "While it waits because the source asked it to, or for the next hour's points; else null.",
    }),
    warnings: z.int().meta({ description: "Lines of its log that warn: `/runs/{runId}/log?level=warn`." }),
    errors: z.int().meta({ description: "Lines of its log that are errors." }),
    earlier: EarlierRun.nullable().meta({
      description: "The run of the same site and scope before it that read what it was to, to compare with.",
    }),
    jobResultId: z.string().nullable().meta({ description: "The result of the job that began it." }),
  }).meta({ id: "RunDetail" }),
  refusals: NO_SUCH_RUN,
});

export const requestRun = defineRoute({
  id: "runs.request",
  method: "POST",
  path: "/runs",
  summary: "Read a site now",
  scope: "runs:write",
  body: z.strictObject({
    siteId: idOf("site"),
    connectionId: idOf("connection")
      .optional()
      .meta({ description: "Where several connections read the site; else the one that has read it longest." }),
    scope: z.enum(RUN_SCOPES).default("full"),
  }),
  answer: Run,
  status: 202,
  refusals: {
    "no-such-site": { status: 404, says: "There is no such site, or the connection that is named does not read it." },
    "connection-not-published": {
      status: 409,
      says: "No published connection reads this site. Publish one first.",
    },
    ...RUN_UNDER_WAY,
  },
});

export const cancelRun = defineRoute({
  id: "runs.cancel",
  method: "POST",
  path: "/runs/{runId}/cancel",
  summary: "Stop a run",
  description: "What it merged so far stays; a listing that did not finish removes nothing.",
  scope: "runs:write",
  params,
  answer: Run,
  status: 202,
  refusals: { ...NO_SUCH_RUN, "run-ended": { status: 409, says: "The run has already ended." } },
});

const HELD_KINDS = [
  "accounts",
  "groups",
  "memberships",
  "group-nestings",
  "product-access",
  "spaces",
  "space-permissions",
  "role-assignments",
  "space-roles",
] as const;
const VERDICTS = ["gone", "not-visible", "missing"] as const;

export const HeldDifferenceRow = z
  .object({
    kind: z.enum(HELD_KINDS),
    subjectType: z.enum(["account", "group", "space", "access-class", "role"]),
    subjectId: z.string().meta({ description: "Of Usher where it knows it, else the source's own." }),
    subjectName: z.string().nullable(),
    missingFromType: z.enum(["group", "space"]).nullable(),
    missingFromId: z.string().nullable(),
    missingFromName: z.string().nullable(),
    detail: z.string().nullable().meta({
      description: "What it was: an e-mail address, the access that a group gave, a space's key, permissions, roles.",
    }),
    verdict: z.enum(VERDICTS).meta({
      description: "`gone` is closed when the difference is accepted; the others stay whatever is decided.",
    }),
    reason: z.string().nullable(),
    missingSince: instant.meta({ description: "When a run first missed it." }),
  })
  .meta({ id: "HeldDifferenceRow" });

export const HeldDifferenceTotals = z
  .object({
    kind: z.enum(HELD_KINDS),
    missingFromType: z.enum(["group", "space"]).nullable(),
    missingFromId: z.string().nullable(),
    missingFromName: z.string().nullable(),
    gone: z.int(),
    kept: z.int().meta({ description: "Missed, but not found gone: it stays whatever is decided." }),
  })
  .meta({ id: "HeldDifferenceTotals" });

const NEWEST_HELD = {
  ...NO_SUCH_RUN,
  "not-held": { status: 409, says: "The run holds nothing back, or what it held was decided already." },
  superseded: {
    status: 409,
    says: "A later run of this site replaced the difference. Look at the newest run of the site.",
  },
} as const;
const ALREADY_ACCEPTED = {
  "already-accepted": {
    status: 409,
    says: "The difference was accepted already; the site's next run closes it.",
  },
} as const;
const BEING_REPLACED = {
  "being-replaced": {
    status: 409,
    says: "A run of this site is under way and replaces the difference. Look at it when that run has ended.",
  },
} as const;
const differenceFilters = {
  kind: manyOf(z.enum(HELD_KINDS)).optional(),
  missingFrom: text(500).optional().meta({
    description: "Id or exact name of a group or space: what was missing from it, and itself if it is missing.",
  }),
};

export const listHeldDifference = defineList({
  id: "runs.held-difference",
  path: "/runs/{runId}/held-difference",
  summary: "What a held run missed, one by one",
  description:
    "What hangs on a group or space that is gone is listed with it: as many `gone` rows as accepting closes.",
  scope: "runs:read",
  params,
  item: HeldDifferenceRow,
  sorts: ["kind", "subjectName", "missingSince"],
  filters: { ...differenceFilters, verdict: manyOf(z.enum(VERDICTS)).optional() },
  refusals: { ...NEWEST_HELD, ...BEING_REPLACED },
});

export const summarizeHeldDifference = defineList({
  id: "runs.held-difference-summary",
  path: "/runs/{runId}/held-difference/summary",
  summary: "The same counted by kind, and by the group or space it was missing from",
  scope: "runs:read",
  params,
  item: HeldDifferenceTotals,
  sorts: ["gone", "kind"],
  defaultSort: "-gone",
  filters: differenceFilters,
  refusals: { ...NEWEST_HELD, ...BEING_REPLACED },
});

export const acceptHeldRun = defineRoute({
  id: "runs.accept",
  method: "POST",
  path: "/runs/{runId}/accept",
  summary: "Accept what a run found gone and the safeguard held",
  description:
    "The answer is the run that is queued: it closes what is held back, with the held run's own instant, accepts the " +
    "account behind the credential, and reads the site anew. Should it be canceled before, the next run does it.",
  scope: "runs:write",
  params,
  body: z
    .strictObject({ reason: text(1000).optional().meta({ description: "Why it is right; kept in the journal." }) })
    .nullish(),
  answer: Run,
  status: 202,
  refusals: {
    ...NEWEST_HELD,
    ...ALREADY_ACCEPTED,
    "connection-not-published": {
      status: 409,
      says: "No published connection reads this site any more. Resume or publish one, then accept.",
    },
    ...RUN_UNDER_WAY,
  },
});

export const discardHeldRun = defineRoute({
  id: "runs.discard",
  method: "POST",
  path: "/runs/{runId}/discard",
  summary: "Discard what a run found gone and the safeguard held",
  description:
    "Nothing is closed, the account behind the credential is not accepted, and the run ends partial. The next run looks " +
    "anew, and is held again if it finds the same.",
  scope: "runs:write",
  params,
  body: z.strictObject({ reason: text(1000).meta({ description: "Why it is wrong; kept in the journal." }) }),
  answer: Run,
  refusals: { ...NEWEST_HELD, ...ALREADY_ACCEPTED, ...RUN_UNDER_WAY },
});

export const followRun = defineRoute({
  id: "runs.events",
  method: "GET",
  path: "/runs/{runId}/events",
  summary: "Follow a run as it goes",
  description:
    "Server-sent events named `update`, at most four a second, until the run has ended. The id of each is the number of " +
    "the last log entry in it: a client that lost the connection goes on with `Last-Event-ID`.",
  scope: "runs:read",
  params,
  answer: RunUpdate,
  produces: "events",
  refusals: NO_SUCH_RUN,
});

export const listRunLog = defineList({
  id: "runs.log",
  path: "/runs/{runId}/log",
  summary: "What a run wrote down, for 90 days",
  scope: "runs:read",
  params,
  item: RunEvent,
  sorts: ["seq"],
  filters: { level: manyOf(z.enum(LEVELS)).optional(), event: z.string().max(100).optional() },
  refusals: NO_SUCH_RUN,
});

export const listRunListings = defineList({
  id: "runs.listings",
  path: "/runs/{runId}/listings",
  summary: "What a run reads to its end, each with its state",
  scope: "runs:read",
  params,
  item: RunListing,
  sorts: ["key", "updatedAt"],
  filters: { kind: manyOf(z.string().max(100)).optional(), state: manyOf(z.enum(LISTING_STATES)).optional() },
  refusals: NO_SUCH_RUN,
});

export const runRoutes = [
  listRuns,
  getRun,
  requestRun,
  cancelRun,
  listHeldDifference,
  summarizeHeldDifference,
  acceptHeldRun,
  discardHeldRun,
  followRun,
  listRunLog,
  listRunListings,
];
