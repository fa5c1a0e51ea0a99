import { type Command, Option } from "commander";
import { listAccounts } from "../../api/accounts.ts";
import { listGroups } from "../../api/groups.ts";
import { findSite } from "../connections/find.ts";
import { addConditionOptions, type Condition, type ConditionOptions, conditionsOf } from "../conditions.ts";
import { usageFailure } from "../failure.ts";
import { findId } from "../find-one.ts";
import type { Session } from "../session.ts";

/** Options that say whom an exclusion catches, and of what it leaves them out. */
export interface CatchOptions extends ConditionOptions {
  person?: string[];
  account?: string[];
  group?: string[];
  editionIdentifier?: string[];
  site?: string[];
  effect?: Effect[];
}

export const EFFECTS = ["not-counted", "no-reclaim", "no-review", "no-notify"] as const;
type Effect = (typeof EFFECTS)[number];

export function addCatchOptions(command: Command): Command {
  const named = command
    .option("--person <people...>", "people, by e-mail address or id")
    .option("--account <accounts...>", "accounts of a site, by name, e-mail or id")
    .option("--group <groups...>", "members of these groups, by name or id")
    .option("--edition-identifier <identifiers...>", "seats whose site calls its edition so");
  return addConditionOptions(named, "several are alternatives, as all of these options")
    .option("--site <sites...>", "only at these sites, by name or id (every site)")
    .addOption(new Option("--effect <effects...>", "what they are left out of").choices(EFFECTS));
}

/** The condition that the options say; several kinds are alternatives. Undefined where none was given. */
export async function conditionOf(
  session: Session,
  options: CatchOptions,
  readInput: () => Promise<string>,
): Promise<Condition | undefined> {
  const { person, account, group, editionIdentifier } = options;
  const given: Condition[] = [];
  if (person) given.push({ is: "person", people: person });
  if (account) given.push({ is: "account", accounts: await idsOf(account, (each) => accountId(session, each)) });
  if (group) given.push({ is: "group-member", groups: await idsOf(group, (each) => groupId(session, each)) });
  if (editionIdentifier) given.push({ is: "edition-identifier", identifiers: editionIdentifier });
  given.push(...(await conditionsOf(session, options, readInput)));
  return given.length > 1 ? { any: given } : given[0];
}

/** As `conditionOf`, where one is needed. */
export async function neededCondition(
  session: Session,
  options: CatchOptions,
  readInput: () => Promise<string>,
): Promise<Condition> {
  const found = await conditionOf(session, options, readInput);
  if (found) return found;
  throw usageFailure(
    "It is not said whom it catches.",
    "Add --person, --account, --group, --edition-identifier, --when or --expression.",
  );
}

export async function siteIdsOf(session: Session, sites: readonly string[] | undefined): Promise<string[] | undefined> {
  return sites && idsOf(sites, async (each) => (await findSite(session, each)).id);
}

async function idsOf(given: readonly string[], find: (each: string) => Promise<string>): Promise<string[]> {
  const ids: string[] = [];
  for (const each of given) ids.push(await find(each));
  return ids;
}

function accountId(session: Session, given: string): Promise<string> {
  return findId(session, {
    route: listAccounts,
    prefix: "account",
    given,
    names: ({ displayName, email }) => [displayName, email],
    idOf: (account) => account.accountId,
  });
}

function groupId(session: Session, given: string): Promise<string> {
  return findId(session, {
    route: listGroups,
    prefix: "group",
    given,
    names: ({ name }) => [name],
    idOf: (group) => group.groupId,
  });
}
