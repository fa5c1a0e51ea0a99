import { sortKey } from "../lib/sort-key.ts";
import type { ImportColumn, ImportRow, RowError } from "../model/imports.ts";
import { PERSON_STATUSES, type PersonStatus } from "../model/people.ts";
import {
  attributeName,
  cellsByField,
  flawOfText,
  flawOfWidth,
  isAttribute,
  type KnownFields,
} from "./import-columns.ts";

/** Headings of the usual exports: Workday, SAP SuccessFactors, BambooHR, Okta, Microsoft Entra, in their own words. */
export const PEOPLE_FIELDS: KnownFields = {
  externalId: [
    "id",
    "employeeid",
    "employeenumber",
    "personnelnumber",
    "personid",
    "workerid",
    "externalid",
    "objectid",
  ],
  email: ["mail", "emailaddress", "emails", "workemail", "primaryemail", "primaryworkemail", "userprincipalname"],
  userName: ["login", "username", "samaccountname", "userid"],
  displayName: ["name", "fullname", "displayname", "preferredname"],
  givenName: ["firstname", "givenname"],
  familyName: ["lastname", "surname", "familyname", "sn"],
  department: ["dept", "division", "organizationalunit", "orgunit"],
  jobTitle: ["title", "jobtitle", "position"],
  manager: ["managerid", "manageremail", "manageremployeeid", "supervisor", "reportsto"],
  costCenter: ["costcentre", "costcenter"],
  location: ["office", "officelocation", "site", "city", "worklocation"],
  status: ["employmentstatus", "state", "accountstatus", "accountenabled"],
  employmentType: ["employeetype", "workertype", "contracttype", "usertype"],
};

/** Where each field is kept. */
const COLUMNS: Record<string, string> = {
  externalId: "external_id",
  userName: "user_name",
  displayName: "display_name",
  givenName: "given_name",
  familyName: "family_name",
  department: "department",
  jobTitle: "job_title",
  manager: "manager",
  costCenter: "cost_center",
  location: "location",
  employmentType: "employment_type",
};

/** Words for the three states, as the usual exports write them. */
const STATUS_WORDS: Record<PersonStatus, readonly string[]> = {
  active: ["active", "true", "enabled", "employed", "current"],
  left: ["left", "terminated", "inactive", "former", "leaver", "ended"],
  disabled: ["disabled", "false", "suspended", "deactivated", "on leave"],
};

const EMAILS_MAX = 20;
/** RFC 5321 §4.5.3.1: a path has at most 254 characters that an address can use. */
const EMAIL_MAX = 254;

/**
 * One row of a file about people, as it is kept: a column that is there with an empty cell is null (it clears), one that
 * is not there is left out (it keeps). A person needs an external id or an e-mail to be known again.
 */
export function readPersonRow(columns: readonly ImportColumn[], row: number, cells: readonly string[]): ImportRow {
  const width = flawOfWidth(columns, cells);
  if (width) return { row, data: {}, errors: [width] };
  const errors: RowError[] = [];
  const data: Record<string, unknown> = {};
  const attributes: Record<string, string | null> = {};
  for (const [field, cell] of cellsByField(columns, cells)) {
    const flaw = flawOfText(cell);
    if (flaw) errors.push(flaw);
    else if (field === "email") data["emails"] = readEmails(cell.column, cell.text, errors);
    else if (field === "status") data["status"] = readStatus(cell.column, cell.text, errors);
    else if (isAttribute(field)) attributes[attributeName(field)] = cell.text || null;
    else if (field === "externalId" || cell.text !== "" || field !== "displayName")
      data[COLUMNS[field] ?? field] = cell.text || null;
  }
  if (Object.keys(attributes).length > 0) data["attributes"] = attributes;
  const emails = (data["emails"] ?? []) as string[];
  if (!data["external_id"] && emails.length === 0 && errors.length === 0) {
    errors.push({ field: "row", what: "has neither an external id nor an e-mail", expected: "at least one of them" });
  }
  return { row, data: { ...data, ...namesOf(data, emails) }, errors };
}

/** Several addresses stand with a semicolon, a comma or a space between; the first one is the main one. */
function readEmails(column: string, text: string, errors: RowError[]): string[] {
  const emails = [...new Set(text.split(/[;,\s]+/).filter((each) => each !== ""))];
  const wrong = emails.find((each) => each.length > EMAIL_MAX || !/^[^@\s<>"]+@[^@\s<>"]+$/.test(each));
  if (wrong !== undefined) {
    errors.push({
      field: column,
      what: `"${wrong.slice(0, 60)}" is not an e-mail address`,
      expected: "name@example.com",
    });
  }
  if (emails.length > EMAILS_MAX) {
    errors.push({ field: column, what: `holds ${emails.length} addresses`, expected: `at most ${EMAILS_MAX}` });
  }
  return emails;
}

function readStatus(column: string, text: string, errors: RowError[]): PersonStatus | null {
  if (text === "") return null;
  const word = text.toLowerCase();
  const status = PERSON_STATUSES.find((each) => STATUS_WORDS[each].includes(word));
  if (!status) {
    errors.push({
      field: column,
      what: `"${text.slice(0, 60)}" is not a status`,
      expected: `${PERSON_STATUSES.join(", ")}, or a word for one of them`,
    });
  }
  return status ?? null;
}

/** What to call somebody: the display name, else the parts of it, else what they are known by. */
function namesOf(data: Record<string, unknown>, emails: readonly string[]): Record<string, string> {
  const given = data["display_name"] as string | undefined;
  if (given) return { sort_key: sortKey(given) };
  const parts = [data["given_name"], data["family_name"]].filter(Boolean).join(" ");
  if (parts !== "") return { display_name: parts, sort_key: sortKey(parts) };
  const fallback = emails[0] ?? (data["external_id"] as string | undefined) ?? "";
  return { fallback_name: fallback, fallback_sort_key: sortKey(fallback) };
}

/** Above both of these, people are not marked as left unless a person confirms it: the file may have been cut. */
const LEAVING_PERCENT_MAX = 20;
const LEAVING_COUNT_MIN = 10;

export function isTooManyLeaving({ leaving, staying }: { leaving: number; staying: number }): boolean {
  return leaving >= LEAVING_COUNT_MIN && leaving * 100 > LEAVING_PERCENT_MAX * (leaving + staying);
}
