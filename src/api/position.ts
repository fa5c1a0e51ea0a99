import { z } from "zod";
import { POSITION_PARTS } from "../model/position.ts";
import { defineRoute, idOf, instant } from "./contract.ts";
import { EditionName, SeatStatusName } from "./inventory.ts";
import { day, LicenseMetricName } from "./licenses.ts";
import { defineList } from "./lists.ts";

const Product = z.enum(["confluence-cloud", "confluence-data-center"]);
const PositionStatusName = z.enum(["covered", "over", "short", "unknown"]).meta({ id: "PositionStatus" });
const Level = z.enum(["product", "edition", "license"]).meta({ id: "PositionLevel" });
const Period = z.enum(["month", "year"]);
const amount = z.int().nullable();

const PositionMoney = z
  .object({
    currency: z.string(),
    period: Period,
    basis: z.enum(["license", "list-price"]),
    costMinor: amount.meta({ description: "What is paid now, a period." }),
    trueUpMinor: amount.meta({ description: "What the seats that are short would add." }),
    overMinor: amount.meta({ description: "What is paid beyond the seats that are held." }),
    avoidableMinor: amount.meta({
      description: "What the next billing event would be lower by, were idle and never-used seats given back before.",
    }),
    avoidableFrom: day.nullable(),
    nextSeatMinor: amount.meta({ description: "What one seat more would add: by its band or tier, no average." }),
    lowerTier: z.object({ upTo: z.int(), after: z.int(), savesMinor: z.int() }).nullable().meta({
      description: "Of tiers: so many seats have to go until the next lower one is reached.",
    }),
    realizedMinor: z.int().meta({ description: "What reclaimed seats took off bills so far, each counted once." }),
  })
  .meta({ id: "PositionMoney" });

const PositionWay = z
  .object({
    kind: z.enum(["buy", "reclaim", "map", "renew-lower", "next-bill", "remove-guests", "enter-license"]),
    seats: z.int(),
    costMinor: amount.meta({ description: "What it adds to a period; negative: what it saves; null: not known." }),
    currency: z.string().nullable(),
    period: Period.nullable(),
    from: day.nullable(),
    says: z.string(),
    route: z.string().nullable().meta({ description: "Where it is done, below `/api/v1`." }),
  })
  .meta({ id: "PositionWay" });

const PositionShare = z
  .object({
    by: z.enum(["cost-center", "department"]),
    value: z.string().nullable().meta({ description: "Null: nobody told theirs, or those beyond the first 200." }),
    isRest: z.boolean(),
    seats: z.int(),
    idle: z.int(),
    neverUsed: z.int(),
    costMinor: amount.meta({ description: "Parts of the line's cost, which sum up to it." }),
  })
  .meta({ id: "PositionShare" });

const numberFields = {
  status: PositionStatusName,
  owned: z.int().nullable().meta({ description: "Null: nobody has entered what was bought." }),
  used: z.int().meta({ description: "Seats that count: active, idle, never used and without evidence together." }),
  free: z.int().nullable(),
  short: z.int().nullable(),
  excluded: z.int().meta({ description: "Left out of the count by an exclusion; Atlassian bills them all the same." }),
  unmapped: z.int().meta({ description: "Of an edition that is not known or not recognized." }),
  guests: z.int().meta({ description: "They hold no seat." }),
  active: z.int(),
  idle: z.int(),
  neverUsed: z.int(),
  noEvidence: z.int(),
  pending: z.int().meta({ description: "On their way to be taken back." }),
};

const placeFields = {
  level: Level,
  product: Product,
  siteId: z.string().nullable(),
  site: z.string().nullable(),
  licenseId: z.string().nullable(),
  license: z.string().nullable(),
  edition: EditionName.nullable(),
  metric: LicenseMetricName.nullable(),
};

export const PositionLine = z
  .object({
    ...placeFields,
    ...numberFields,
    money: z.array(PositionMoney),
    ways: z.array(PositionWay).meta({ description: "What can be done about it, each with its cost." }),
    shares: z.array(PositionShare),
    explanation: z.array(z.string()).meta({ description: "How its numbers came about, a sentence each." }),
  })
  .meta({ id: "PositionLine" });

const snapshotFields = {
  id: z.string(),
  at: instant,
  dataAsOf: instant.nullable(),
  computedBy: z.string(),
  tookMs: z.int(),
};

export const Position = z.object({ ...snapshotFields, lines: z.array(PositionLine) }).meta({ id: "Position" });

const positionId = z.union([z.literal("latest"), idOf("position")]).meta({ description: "An id, or `latest`." });
const positionParams = z.strictObject({ positionId });
export const NO_SUCH_POSITION = {
  "no-such-position": { status: 404, says: "There is no such position. Compute one, or list those that there are." },
} as const;

export const computePosition = defineRoute({
  id: "position.compute",
  method: "POST",
  path: "/position/compute",
  summary: "Compute the license position now, and keep it",
  description: "It is also computed after every sync. What was kept is never changed.",
  scope: "licenses:write",
  answer: Position,
  status: 201,
});

export const listPositions = defineList({
  id: "position.list",
  path: "/position",
  summary: "Positions that were computed, newest first",
  scope: "licenses:read",
  item: z.object(snapshotFields).meta({ id: "PositionSnapshot" }),
  sorts: ["at"],
  defaultSort: "-at",
});

export const getPosition = defineRoute({
  id: "position.get",
  method: "GET",
  path: "/position/{positionId}",
  summary: "Rights owned against seats used, by product, by edition at a site, and by license",
  scope: "licenses:read",
  params: positionParams,
  answer: Position,
  refusals: NO_SUCH_POSITION,
});

const seatFields = {
  siteId: z.string(),
  site: z.string(),
  accountId: z.string(),
  personId: z.string(),
  name: z.string(),
  seatId: z.string().nullable().meta({ description: "Null of a guest." }),
  status: SeatStatusName.nullable(),
  isExcluded: z.boolean(),
  isUnmapped: z.boolean(),
  isPending: z.boolean(),
  costCenter: z.string().nullable(),
  department: z.string().nullable(),
};

export const listPositionSeats = defineList({
  id: "position.seats",
  path: "/position/{positionId}/seats",
  summary: "The seats behind a number, as they stood when it was computed",
  scope: "licenses:read",
  params: positionParams,
  item: z.object(seatFields).meta({ id: "PositionSeat" }),
  sorts: ["account"],
  filters: {
    part: z.enum(POSITION_PARTS).optional().meta({ description: "Which number; every seat and guest unless said." }),
    product: Product.optional(),
    siteId: idOf("site").optional(),
    licenseId: idOf("license").optional(),
    costCenter: z.string().max(500).optional(),
    department: z.string().max(500).optional(),
  },
  refusals: NO_SUCH_POSITION,
});

const since = z.strictObject({ since: idOf("position").meta({ description: "The earlier position." }) });

export const comparePositions = defineRoute({
  id: "position.compare",
  method: "GET",
  path: "/position/{positionId}/comparison",
  summary: "What changed between two positions, line by line",
  scope: "licenses:read",
  params: positionParams,
  query: since,
  answer: z
    .object({
      from: z.object(snapshotFields),
      to: z.object(snapshotFields),
      came: z.int().meta({ description: "Seats and guests that are there now and were not." }),
      went: z.int(),
      changed: z.int().meta({ description: "There both times, but under another number." }),
      lines: z.array(
        z
          .object({
            ...placeFields,
            before: z.object(numberFields).nullable().meta({ description: "Null: the line was not there." }),
            after: z.object(numberFields).nullable(),
            moneyBefore: z.array(PositionMoney),
            moneyAfter: z.array(PositionMoney),
          })
          .meta({ id: "PositionDifference" }),
      ),
    })
    .meta({ id: "PositionComparison" }),
  refusals: NO_SUCH_POSITION,
});

export const listPositionChanges = defineList({
  id: "position.changes",
  path: "/position/{positionId}/changes",
  summary: "Which seats came, went or stand under another number since an earlier position",
  scope: "licenses:read",
  params: positionParams,
  item: z
    .object({
      siteId: z.string(),
      site: z.string(),
      accountId: z.string(),
      personId: z.string(),
      name: z.string(),
      change: z.enum(["came", "went", "changed"]),
      before: z.string().nullable().meta({ description: "Its number then: a status, `guest`, or null." }),
      after: z.string().nullable(),
    })
    .meta({ id: "PositionChange" }),
  sorts: ["account"],
  filters: {
    since: idOf("position").meta({ description: "The earlier position." }),
    siteId: idOf("site").optional(),
    change: z.enum(["came", "went", "changed"]).optional(),
  },
  refusals: NO_SUCH_POSITION,
});

export const listPositionTrend = defineList({
  id: "position.trend",
  path: "/position/trend",
  summary: "One line of the position over time",
  scope: "licenses:read",
  item: z
    .object({ positionId: z.string(), at: instant, ...placeFields, ...numberFields, money: z.array(PositionMoney) })
    .meta({ id: "PositionPoint" }),
  sorts: ["at"],
  filters: {
    level: Level.optional().meta({ description: "`product` unless said otherwise." }),
    siteId: idOf("site").optional(),
    licenseId: idOf("license").optional(),
    from: instant.optional(),
    to: instant.optional(),
  },
});

export const positionRoutes = [
  listPositionTrend,
  computePosition,
  listPositions,
  getPosition,
  listPositionSeats,
  comparePositions,
  listPositionChanges,
];
