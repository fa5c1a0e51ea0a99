import { z } from "zod";
import { SILENCE_BUCKETS, SIMULATED_OUTCOMES } from "../model/simulation.ts";
import { instant } from "./contract.ts";
import { EvidenceKindName, SeatPath } from "./inventory.ts";

const saving = {
  kind: z.enum(["next-bill", "renewal", "lower-tier"]).meta({
    description: "Monthly plans save from the next bill, annual ones at renewal, tiers once a lower one is reached.",
  }),
  from: instant.nullable().meta({ description: "Null where no billing day or term is known." }),
};

export const ConditionReason = z
  .object({
    is: z.string(),
    says: z.string(),
    isNegated: z.boolean().meta({ description: "It stands below a `not`, and did not hold." }),
    saw: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "ConditionReason" });

export const MissingEvidence = z
  .object({
    kind: EvidenceKindName,
    why: z.enum(["not-observed", "begins-too-late", "ends-too-early"]),
    knownSince: z.string().nullable().meta({ description: "Null: not observed, or the whole life is known." }),
    knownUntil: z.string().nullable(),
    neededSince: z.string().nullable(),
    neededUntil: z.string(),
  })
  .meta({ id: "MissingEvidence" });

const who = {
  siteId: z.string(),
  site: z.string(),
  accountId: z.string(),
  personId: z.string(),
  seatId: z.string().nullable().meta({ description: "Null: a guest." }),
  name: z.string().nullable(),
  email: z.string().nullable(),
  because: z.array(ConditionReason),
  lastUsedAt: instant.nullable().meta({ description: "Latest use of any kind; null: none was seen." }),
  grantedAt: instant,
};

export const Simulation = z
  .object({
    asOf: instant,
    seats: z.int().meta({ description: "Seats of the rule's sites." }),
    guests: z.int(),
    outcomes: z.record(z.enum(SIMULATED_OUTCOMES), z.int()).meta({
      description:
        "Accounts whose condition holds, by what would be done; and those that lack evidence, who are not taken.",
    }),
    savings: z
      .array(z.object({ currency: z.string(), monthMinor: z.int(), seats: z.int(), saving: z.object(saving) }))
      .meta({
        description:
          "A month of the seats that would be taken, by currency and by when it is felt: what the bill would be lower by, bands from the top and a lower tier once.",
      }),
    withoutPrice: z.int().meta({ description: "Seats that would be taken whose price is not known." }),
    histogram: z
      .array(z.object({ bucket: z.enum(SILENCE_BUCKETS), seats: z.int(), wouldTake: z.int() }))
      .meta({ description: "Seats by whole days since their last use." }),
    items: z.array(
      z.object({
        ...who,
        outcome: z.enum(SIMULATED_OUTCOMES),
        missing: z
          .array(MissingEvidence)
          .meta({ description: "What would have to be known; of seats that lack evidence." }),
        loses: z.object({
          groups: z.array(
            SeatPath.pick({ groupId: true, group: true, access: true, managedBy: true, opensSpaces: true }),
          ),
          spaces: z.int().nullable().meta({ description: "Spaces it reaches; null where rights are not read." }),
        }),
        saves: z.object({
          monthMinor: z.int().nullable(),
          currency: z.string().nullable(),
          kind: saving.kind.nullable(),
          from: saving.from,
        }),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: "Simulation" });

const after = z.int().nullable().meta({ description: "Null while those days are not over." });

export const Backtest = z
  .object({
    asOf: instant,
    knownFrom: z.array(z.object({ siteId: z.string(), site: z.string(), from: instant.nullable() })).meta({
      description: "From when each site can be asked; null: not yet. Sites that were not known are left out.",
    }),
    seats: z.int(),
    wouldTake: z.int(),
    lacksEvidence: z.int(),
    activeWithin: z
      .object({ days7: after, days30: after, days90: after })
      .meta({ description: "How many of those it would have taken were active so soon after." }),
    items: z.array(
      z.object({ ...who, activeAfterAt: instant.nullable().meta({ description: "First activity after that day." }) }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: "Backtest" });
