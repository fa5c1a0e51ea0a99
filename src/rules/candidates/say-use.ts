import type { CandidateEvidence } from "../../model/candidates.ts";
import type { EvidenceKind } from "../../model/facts.ts";

const USES: Readonly<Record<EvidenceKind, string>> = {
  viewed: "pages were opened",
  contributed: "something was written",
  administered: "something was administered",
  authenticated: "somebody signed in",
};

/** What is known of the use of a seat and what is not, one sentence each, for its holder and whoever decides. */
export function sayUse(evidence: CandidateEvidence | null): string[] {
  const seen = Object.entries(evidence?.lastUse ?? {})
    .filter((each): each is [EvidenceKind, string] => each[1] !== null)
    .toSorted(([, one], [, other]) => (one < other ? 1 : -1));
  const [latest] = seen;
  const known = latest
    ? [`The latest use that was seen is of ${sayDay(latest[1])}, when ${USES[latest[0]]}.`]
    : ["No use of this account was seen."];
  const reading = evidence?.reading ?? [];
  if (reading.length === 0) {
    return [...known, "Whether pages are only read cannot be seen here, so this may be wrong."];
  }
  const since = reading.map(({ knownSince }) => knownSince).filter((each) => each !== null);
  const until =
    reading
      .map(({ knownUntil }) => knownUntil)
      .toSorted()
      .at(-1) ?? "";
  const from = since.length < reading.length ? "" : ` from ${sayDay(since.toSorted()[0] ?? "")}`;
  return [...known, `What was looked at reaches${from} up to ${sayDay(until)}.`];
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** The day of an instant in UTC, so that nobody takes the month for the day: `3 August 2026`. */
export function sayDay(instant: Date | string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "an unknown day";
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
