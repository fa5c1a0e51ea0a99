import fc from "fast-check";
import type { Condition, ConditionTerms } from "../../model/conditions.ts";
import type { EvidenceKind } from "../../model/facts.ts";
import type { ReadingWindow, SeatFacts } from "../../model/seats.ts";
import { OBSERVED_AT } from "./facts.ts";
import { seatFacts } from "./seat-facts.ts";

const DAY_MS = 86_400_000;

/** Close to the thresholds of conditions, and on them: that is where SQL and evaluation could part. */
const daysBack = fc.constantFrom(0, 0.5, 1, 2.5, 3, 10, 29, 30, 30.000_001, 31, 59, 60, 61, 90, 400);
const instant = daysBack.map((days) => new Date(OBSERVED_AT.getTime() - Math.round(days * DAY_MS)));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 2 });

function readingWindow(kind: ReadingWindow["kind"]): fc.Arbitrary<ReadingWindow[]> {
  const window = fc.record({ kind: fc.constant(kind), knownSince: maybe(instant), knownUntil: instant });
  return maybe(window).map((each) => (each ? [each] : []));
}

const WORDS = ["Sales", "sales", "Salesforce", "", "it's", 'a"b', "Größe", "𝒜", "%", "a\nb"];
const word = fc.constantFrom(...WORDS);

export const anySeatFacts: fc.Arbitrary<SeatFacts> = fc
  .record({
    seatId: maybe(fc.constant("seat_1")),
    edition: fc.constantFrom(null, "standard" as const, "premium" as const),
    grantedAt: instant,
    grantedOrigin: fc.constantFrom("organization" as const, "first-seen" as const),
    accountType: fc.constantFrom("atlassian" as const, "app" as const),
    isManaged: maybe(fc.boolean()),
    email: fc.constantFrom(null, "ann@acme.example", "bo@partner.example", "odd", "a@b@acme.example"),
    personStatus: fc.constantFrom(null, "active" as const, "left" as const, "disabled" as const),
    department: maybe(word),
    employmentType: fc.constantFrom(null, "external", "External", "employee"),
    groupsCount: fc.integer({ min: 0, max: 4 }),
    spacesCount: maybe(fc.integer({ min: 0, max: 2 })),
    duplicateRank: maybe(fc.integer({ min: 1, max: 3 })),
    viewedAt: maybe(instant),
    contributedAt: maybe(instant),
    administeredAt: maybe(instant),
    authenticatedAt: maybe(instant),
    reading: fc.tuple(readingWindow("viewed"), readingWindow("authenticated")).map((windows) => windows.flat()),
  })
  .map((fields) => seatFacts({ ...fields, accountClass: fields.seatId === null ? "guest" : "licensed" }));

const days = fc.constantFrom(1, 29, 30, 31, 60, 90);
const readers: fc.Arbitrary<EvidenceKind[]> = fc.subarray(["viewed", "authenticated"], { minLength: 1 });
const text = fc.oneof(
  word,
  fc.string({ unit: "binary", maxLength: 4 }).filter((each) => !each.includes("\0")),
);
const quoted = text.map((each) => JSON.stringify(each));
const equality = fc.constantFrom("==", "!=");
const comparison = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");
const textFact = fc.constantFrom("person.department", "person.status", "account.emailDomain", "seat.edition");
const numberFact = fc.constantFrom("seat.groups", "seat.spaces", "seat.duplicateRank");
const number = fc.constantFrom("0", "1", "2", "-1", "1.5");
const duration = fc.constantFrom("30d", "720h", "60d", "12h", "-24h");

/** Claims in CEL of every kind that the language has. */
const atom: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(textFact, equality, quoted).map((parts) => parts.join(" ")),
  fc.tuple(textFact, equality, textFact).map((parts) => parts.join(" ")),
  fc.tuple(numberFact, comparison, number).map((parts) => parts.join(" ")),
  fc.tuple(numberFact, comparison, numberFact).map((parts) => parts.join(" ")),
  fc.tuple(textFact, fc.array(quoted, { maxLength: 3 })).map(([fact, list]) => `${fact} in [${list.join(", ")}]`),
  fc
    .tuple(numberFact, fc.array(fc.constantFrom("0", "1", "2")))
    .map(([fact, list]) => `${fact} in [${list.join(", ")}]`),
  fc.tuple(textFact, quoted).map(([fact, prefix]) => `${fact}.startsWith(${prefix})`),
  fc.tuple(comparison, duration).map(([by, time]) => `seat.grantedAt ${by} now - duration("${time}")`),
  fc.tuple(comparison, duration).map(([by, time]) => `now - seat.grantedAt ${by} duration("${time}")`),
  fc.tuple(comparison, instant).map(([by, at]) => `seat.grantedAt ${by} timestamp("${at.toISOString()}")`),
  fc.oneof(textFact, numberFact).map((fact) => `has(${fact})`),
  fc.constantFrom("seat.isGrantKnown", "account.isManaged", "true", "false"),
  days.map((count) => `seat.idle(${count})`),
  fc.tuple(days, readers).map(([count, kinds]) => `seat.idle(${count}, ${JSON.stringify(kinds)})`),
  days.map((count) => `seat.neverUsed(${count})`),
);

const { claim } = fc.letrec<{ claim: string }>((tie) => ({
  claim: fc.oneof(
    { maxDepth: 3 },
    atom,
    tie("claim").map((part) => `!(${part})`),
    fc.tuple(tie("claim"), tie("claim")).map(([left, right]) => `(${left} && ${right})`),
    fc.tuple(tie("claim"), tie("claim")).map(([left, right]) => `(${left} || ${right})`),
  ),
}));

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ is: fc.constant("idle"), days }),
  fc.record({ is: fc.constant("idle"), days, kinds: readers }),
  fc.record({ is: fc.constant("never-used"), grantedDays: days }),
  fc.record({
    is: fc.constant("person-left"),
    statuses: fc.subarray(["left", "disabled"], { minLength: 1 }),
  }),
  fc.constant({ is: "guest-without-space" }),
  fc.constant({ is: "duplicate-account" }),
  fc.constant({ is: "outsider", domains: ["@ACME.example"] }),
  fc.record({
    is: fc.constant("over-capacity"),
    seats: fc.integer({ min: 1, max: 60 }),
    percent: fc.constantFrom(1, 50, 100, 150),
  }),
  fc.constant({ is: "person", people: ["ANN@acme.example", "person_000000000000"] }),
  fc.constant({ is: "account", accounts: ["account_000000000000"] }),
  fc.constant({ is: "group-member", groups: ["group_000000000000"] }),
  fc.record({ is: fc.constant("edition"), editions: fc.subarray(["standard", "premium"], { minLength: 1 }) }),
  fc.constant({ is: "edition-identifier", identifiers: ["community"] }),
  claim.map((cel) => ({ is: "expression", cel })),
);

export const { anyCondition } = fc.letrec<{ anyCondition: Condition }>((tie) => ({
  anyCondition: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("anyCondition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("anyCondition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("anyCondition").map((not) => ({ not })),
  ),
}));

export const anyTerms: fc.Arbitrary<ConditionTerms> = fc.record({
  asOf: fc.constant(OBSERVED_AT),
  evidence: fc.subarray<EvidenceKind>(["viewed", "contributed", "administered", "authenticated"]),
  lateHoursMax: fc.constantFrom(12, 60, 72),
});
