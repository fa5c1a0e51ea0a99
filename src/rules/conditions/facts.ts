import type { FactName, FactType } from "../../model/expression.ts";
import type { SeatFacts } from "../../model/seats.ts";

export type FactValue = string | number | boolean | Date | null;

interface FactDefinition {
  type: FactType;
  /** For the reference page. */
  about: string;
  /** Null: not known. */
  of(facts: SeatFacts): FactValue;
}

/**
 * What expressions see. When a seat was used is not among it: that nobody used it since is proven only by evidence that
 * covers the time, which `seat.idle`, `seat.neverUsed` and `seat.leastActive` ask for.
 */
export const FACTS: Readonly<Record<FactName, FactDefinition>> = {
  "seat.siteId": { type: "string", about: "Id of the site", of: (facts) => facts.siteId },
  "seat.edition": { type: "string", about: "Edition of the site", of: (facts) => facts.edition },
  "seat.editionIdentifier": {
    type: "string",
    about: "What the site calls its edition, in upper case",
    of: (facts) => facts.editionIdentifier ?? null,
  },
  "seat.grantedAt": {
    type: "instant",
    about: "When it was given, or first seen where the source does not tell",
    of: (facts) => facts.grantedAt,
  },
  "seat.isGrantKnown": {
    type: "boolean",
    about: "Whether the source tells when it was given",
    of: (facts) => facts.grantedOrigin === "organization",
  },
  "seat.groups": { type: "number", about: "Groups the account is in", of: (facts) => facts.groupsCount },
  "seat.spaces": {
    type: "number",
    about: "Spaces the account reaches; unknown where rights are not read",
    of: (facts) => facts.spacesCount,
  },
  "seat.duplicateRank": {
    type: "number",
    about: "Among the seats of the person at the site, 1 the one used last; unknown where there is one only",
    of: (facts) => facts.duplicateRank,
  },
  "account.id": { type: "string", about: "Id of the account", of: (facts) => facts.accountId },
  "account.class": { type: "string", about: "`licensed` or `guest`", of: (facts) => facts.accountClass },
  "account.type": {
    type: "string",
    about: "`atlassian`, `app`, `customer` or `unknown`",
    of: (facts) => facts.accountType,
  },
  "account.isManaged": {
    type: "boolean",
    about: "Whether an organization manages the account",
    of: (facts) => facts.isManaged,
  },
  "account.email": { type: "string", about: "In lower case; unknown when hidden", of: (facts) => facts.email },
  "account.emailDomain": {
    type: "string",
    about: "What follows the @ of the e-mail address",
    of: ({ email }) => (email?.includes("@") ? email.slice(email.lastIndexOf("@") + 1) : null),
  },
  "person.id": { type: "string", about: "Id of the person", of: (facts) => facts.personId },
  "person.status": {
    type: "string",
    about: "`active`, `left` or `disabled`, by the people import",
    of: (facts) => facts.personStatus,
  },
  "person.department": { type: "string", about: "Department", of: (facts) => facts.department },
  "person.jobTitle": { type: "string", about: "Job title", of: (facts) => facts.jobTitle },
  "person.costCenter": { type: "string", about: "Cost center", of: (facts) => facts.costCenter },
  "person.location": { type: "string", about: "Location", of: (facts) => facts.location },
  "person.employmentType": {
    type: "string",
    about: "Kind of employment, by the people import",
    of: (facts) => facts.employmentType,
  },
  "person.managerId": { type: "string", about: "Id of the manager", of: (facts) => facts.managerId },
};

export const FACT_NAMES = Object.keys(FACTS) as FactName[];

export function isFactName(name: string): name is FactName {
  return Object.hasOwn(FACTS, name);
}
