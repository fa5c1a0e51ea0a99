import type { ImportColumn, ImportRow } from "../model/imports.ts";
import { ACCOUNT } from "./evidence-import.ts";
import {
  attributeName,
  cellsByField,
  flawOfText,
  flawOfWidth,
  isAttribute,
  type KnownFields,
} from "./import-columns.ts";

/** `username` is an attribute with a meaning of its own: match rules compare it. */
export const ACCOUNT_FIELDS: KnownFields = {
  account: ["email", "mail", "accountid", "userkey", "user"],
  site: ["instance"],
  "attribute:username": ["username", "login", "samaccountname"],
};

/** One row of a file of further attributes: which account, and its attributes; an empty cell takes one away. */
export function readAccountRow(columns: readonly ImportColumn[], row: number, cells: readonly string[]): ImportRow {
  const width = flawOfWidth(columns, cells);
  if (width) return { row, data: {}, errors: [width] };
  const found = cellsByField(columns, cells);
  const errors = [...found.values()].map(flawOfText).filter((each) => each !== null);
  const account = found.get("account");
  if (!account?.text) errors.push({ field: account?.column ?? "account", what: "is empty", expected: ACCOUNT });
  const attributes = Object.fromEntries(
    [...found].filter(([field]) => isAttribute(field)).map(([field, { text }]) => [attributeName(field), text || null]),
  );
  return { row, data: { account: account?.text ?? null, site: found.get("site")?.text || null, attributes }, errors };
}
