import type { z } from "zod";
import { ApiProblem } from "../../api/client.ts";
import { decideCandidates, listCandidates } from "../../api/candidates.ts";
import { addCapacityAlert } from "../../api/capacity-alerts.ts";
import { createExclusionRule, listExclusionRules } from "../../api/exclusions.ts";
import { listGroups } from "../../api/groups.ts";
import { getJob, listJobs, runJob } from "../../api/jobs.ts";
import type { WireOf } from "../../api/contract.ts";
import { addLicense, listLicenses } from "../../api/licenses.ts";
import { getOverview } from "../../api/overview.ts";
import { listPeople } from "../../api/people.ts";
import { createPlan, listPlans } from "../../api/plans.ts";
import { listSeats } from "../../api/seats.ts";
import type { Clock } from "../../lib/clock.ts";
import { addDays, toDay } from "../../lib/day.ts";
import { CliFailure } from "../failure.ts";
import { counted } from "../output/format.ts";
import type { Session } from "../session.ts";

/** Days until the renewal of what was bought for a year: near enough to be a matter of now. */
const RENEWAL_DAYS = 45;
const NOTICE_DAYS = 30;
/** Exclusions are told of fourteen days before they end: one is that near. */
const ENDS_SOON_DAYS = 9;
const PLANNED_SEATS = 6;
/** How long the plan waits for whoever looks at the demo. */
const PLAN_HOURS = 720;

type Site = WireOf<typeof getOverview>["sites"][number];

/**
 * Decides what people of the company would have decided before somebody looks: what was bought, who is left out, some
 * candidates, a plan that waits. All of it by the API; what an earlier start has done is not done again.
 */
export async function decideSome(session: Session, clock: Clock, tell: (step: string) => void): Promise<void> {
  const { sites } = await session.call(getOverview, {});
  const yearly = sites.find(({ edition }) => edition === "standard");
  const monthly = sites.find(({ edition }) => edition === "premium");
  if (!yearly || !monthly) return;
  const today = toDay(clock.now());
  const licenses = await addLicenses(session, yearly, monthly, today);
  const exclusions = await addExclusions(session, yearly.siteId, clock.now());
  const candidates = await decideAboutSome(session, clock);
  const planned = await planSome(session, monthly.siteId);
  if (licenses + exclusions + candidates + planned === 0) return;
  tell(
    `Decided what its people would have: ${counted(licenses, "license")}, ${counted(exclusions, "exclusion")}, ${counted(candidates, "candidate")}, ${counted(planned, "plan")}`,
  );
}

/** The Data Center has none, so that it is seen what is said then. */
async function addLicenses(session: Session, yearly: Site, monthly: Site, today: string): Promise<number> {
  const { items } = await session.call(listLicenses, { query: { state: "all", limit: 1 } });
  if (items.length > 0) return 0;
  const end = addDays(today, RENEWAL_DAYS);
  await session.call(addLicense, {
    body: {
      name: `${yearly.site}, a year`,
      siteIds: [yearly.siteId],
      edition: "standard",
      metric: "annual-seats",
      // Nearly all of it is used.
      quantity: Math.ceil((yearly.seatsTotal * 1.04) / 10) * 10,
      pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: (yearly.money?.perSeatMinor ?? 0) * 10 }] },
      currency: yearly.money?.currency ?? "USD",
      termStart: addDays(end, -365),
      termEnd: end,
      noticeOn: addDays(end, -NOTICE_DAYS),
      autoRenew: true,
      costCenter: "IT 4100",
    },
  });
  await session.call(addLicense, {
    body: {
      name: `${monthly.site}, monthly`,
      siteIds: [monthly.siteId],
      edition: "premium",
      metric: "monthly-seats",
      pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: monthly.money?.perSeatMinor ?? 0 }] },
      currency: monthly.money?.currency ?? "USD",
      termStart: addDays(today, -120),
      costCenter: "Research 7200",
    },
  });
  await session.call(addCapacityAlert, {
    body: { siteId: yearly.siteId, unit: "percent", threshold: 97, recipients: ["petra@acme.example"] },
  });
  return 2;
}

type NewExclusion = z.input<NonNullable<typeof createExclusionRule.body>>;

/** One of each kind. Nobody whose seat is unused is kept from reclaiming by them. */
async function addExclusions(session: Session, siteId: string, now: Date): Promise<number> {
  const known = new Set<string>();
  for await (const { name } of session.items(listExclusionRules, {})) known.add(name);
  let added = 0;
  for (const body of await wantedExclusions(session, siteId, now)) {
    if (known.has(body.name)) continue;
    await session.call(createExclusionRule, { body });
    added += 1;
  }
  return added;
}

async function wantedExclusions(session: Session, siteId: string, now: Date): Promise<NewExclusion[]> {
  const { items: board } = await session.call(listPeople, {
    query: { siteId, status: ["active"], sort: "-spaces", limit: 3 },
  });
  const { items: groups } = await session.call(listGroups, { query: { siteId, limit: 50 } });
  const group = groups.find(({ members }) => members > 5);
  const soon = new Date(now.getTime() + ENDS_SOON_DAYS * 86_400_000).toISOString();
  return [
    {
      name: "The board",
      condition: { is: "person", people: board.map(({ personId }) => personId) },
      effects: ["no-reclaim", "no-review"],
      reason: "They decide about their own seats.",
    },
    ...(group
      ? [
          {
            name: `Members of ${group.name}`,
            condition: { is: "group-member", groups: [group.groupId] },
            effects: ["no-notify" as const],
            reason: "Their lead tells them of changes herself.",
            expiresAt: soon,
          },
        ]
      : []),
    {
      name: "Legal hold",
      condition: { is: "expression", cel: 'person.department.startsWith("Legal")' },
      effects: ["no-review", "no-notify"],
      reason: "Case 12 is not decided yet.",
    },
    {
      name: "Donated edition",
      condition: { is: "edition-identifier", identifiers: ["COMMUNITY"] },
      effects: ["not-counted"],
      reason: "Atlassian donates it; nothing is paid.",
    },
  ];
}

/** Of those whose seats were idle longest: some kept, some to be asked, some to be taken, one wrong. */
async function decideAboutSome(session: Session, clock: Clock): Promise<number> {
  const { items: decided } = await session.call(listCandidates, {
    query: { state: ["kept", "scheduled", "ready", "asking", "canceled"], limit: 1 },
  });
  if (decided.length > 0) return 0;
  await runAndWait(session, clock, "find-candidates");
  const { items } = await session.call(listCandidates, {
    query: { state: ["detected"], sort: "lastUsedAt", limit: 10 },
  });
  const ids = items.map(({ candidateId }) => candidateId);
  const decisions = [
    { verb: "keep", candidateIds: ids.slice(0, 2), reason: "On parental leave until spring." },
    { verb: "ask", candidateIds: ids.slice(2, 6), reason: null },
    { verb: "take", candidateIds: ids.slice(6, 9), reason: "Their manager agreed." },
    { verb: "cancel", candidateIds: ids.slice(9), reason: "A shared account, to be looked at first." },
  ] as const;
  for (const body of decisions) {
    if (body.candidateIds.length > 0)
      await session.call(decideCandidates, { body: { ...body, candidateIds: [...body.candidateIds] } });
  }
  return ids.length;
}

async function planSome(session: Session, siteId: string): Promise<number> {
  const { items: plans } = await session.call(listPlans, { query: { limit: 1 } });
  if (plans.length > 0) return 0;
  const { items } = await session.call(listSeats, {
    query: { siteId, status: ["idle"], sort: "lastActivityAt", limit: PLANNED_SEATS },
  });
  if (items.length === 0) return 0;
  await session.call(createPlan, {
    body: {
      seats: items.map(({ accountId }) => ({ siteId, accountId })),
      reason: "Idle longest at this site; their department agreed.",
      validHours: PLAN_HOURS,
    },
  });
  return 1;
}

const POLL_MS = 100;
const POLLS_MAX = 300;

/** A run that ended begins the same job by itself: then that one is waited for. */
async function runAndWait(session: Session, clock: Clock, kind: string): Promise<void> {
  const { items: jobs } = await session.call(listJobs, { query: { limit: 200 } });
  const job = jobs.find((each) => each.kind === kind);
  if (!job) return;
  const params = { jobId: job.id };
  await session.call(runJob, { params }).catch((thrown: unknown) => {
    if (!(thrown instanceof ApiProblem) || thrown.problem.code !== "job-under-way") throw thrown;
  });
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    const { lastResult } = await session.call(getJob, { params });
    if (lastResult && lastResult.finishedAt !== null) return;
    await clock.sleep(POLL_MS);
  }
  throw new CliFailure(`The job ${job.name} did not end.`);
}
