import type { Capability, Probe } from "../../model/connections.ts";
import { type Check as SharedCheck, runChecks } from "../atlassian/checks.ts";
import { plural } from "../atlassian/words.ts";
import { type ContentType, SourceFailure } from "../source.ts";
import { abilitiesOf } from "./abilities.ts";
import { readAccounts, readAccountsById } from "./accounts.ts";
import { readAuditPage } from "./audit.ts";
import type { SiteClient } from "./client.ts";
import { readContent } from "./content.ts";
import { readGroups, readProductAccessGroups } from "./groups.ts";
import { readMembers } from "./members.ts";
import { readOrganizationAccounts } from "./organization.ts";
import { readSpacePermissions } from "./space-permissions.ts";
import { readSpaceRoles } from "./space-roles.ts";
import { readSpaces } from "./spaces.ts";

/** Enough rows to see that the listing works. */
const PROBED_ROWS = 5;
const DAY_MS = 24 * 3_600_000;

type Check = SharedCheck<SiteClient>;

/** Checks one capability for real, one check after the other; nothing is changed at the source. */
export async function probe(client: SiteClient, capability: Capability, signal: AbortSignal): Promise<Probe[]> {
  const { listings } = abilitiesOf(client.credentials);
  const checks = CHECKS[capability] ?? [];
  const probes = await runChecks(client, { capability, listings, checks, clock: client.clock }, signal);
  return capability === "roster" ? withEitherWay(probes) : probes;
}

const USER_SEARCH = "User search";
const GROUPS_AND_MEMBERS = "Groups and their members";

const ROSTER_CHECKS: readonly Check[] = [
  {
    name: USER_SEARCH,
    listing: "accounts",
    loss: "capability",
    run: async (client, signal) => {
      const { rows, next } = await readAccounts(client, null, signal, PROBED_ROWS);
      return next === null ? `The search found ${plural(rows.length, "user")}.` : "The search finds users.";
    },
  },
  {
    name: GROUPS_AND_MEMBERS,
    listing: "members",
    loss: "capability",
    run: async (client, signal) => {
      const { rows } = await readGroups(client, null, signal);
      const [group] = rows;
      if (!group) return "The site shows no groups.";
      const members = await readMembers(
        client,
        group.sourceId,
        null,
        { withAccess: false, limit: PROBED_ROWS },
        signal,
      );
      return `Read the members of "${group.name}": ${members.next === null ? members.rows.length : "more than a page"}.`;
    },
  },
  {
    name: "Account status",
    listing: "accounts-by-id",
    loss: { part: "deactivated accounts cannot be told from others" },
    run: async (client, signal) => {
      const known = await someAccountIds(client, signal);
      const accounts = await readAccountsById(client, known, signal);
      const withStatus = accounts.filter(({ status }) => status !== null).length;
      return `Looked up ${plural(known.length, "user")}; ${withStatus} came with a status.`;
    },
  },
  {
    name: "Groups that give Confluence",
    listing: "product-access",
    loss: { part: "the groups that give a seat have to be named by hand" },
    run: async (client, signal) => {
      const { rows } = await readProductAccessGroups(client, "user", null, signal);
      return `Confluence comes with ${plural(rows.length, "group")}: ${
        rows
          .slice(0, PROBED_ROWS)
          .map(({ name }) => `"${name}"`)
          .join(", ") || "none"
      }.`;
    },
  },
];

const ACTIVITY_CHECKS: readonly Check[] = [
  ...(["page", "blogpost", "comment", "attachment"] satisfies ContentType[]).map((type): Check => {
    const name = `Content search: ${{ page: "pages", blogpost: "blog posts", comment: "comments", attachment: "attachments" }[type]}`;
    return {
      name,
      listing: "content",
      loss: "capability",
      run: async (client, signal) => {
        const since = new Date(client.clock.now().getTime() - DAY_MS);
        const { rows, next } = await readContent(client, type, since, null, signal, PROBED_ROWS);
        return next === null ? `${plural(rows.length, "change")} in the last day.` : "The search finds changes.";
      },
    };
  }),
  {
    name: "Last activity in the organization",
    listing: "organization-accounts",
    loss: { part: "people who only read cannot be told from people who do nothing" },
    run: async (client, signal) => {
      const { rows } = await readOrganizationAccounts(client, null, signal, PROBED_ROWS);
      const seen = rows.filter(({ productAccess }) => productAccess?.lastActiveAt).length;
      return `Of the first ${plural(rows.length, "user")}, ${seen} have used this site.`;
    },
  },
  {
    name: "Audit log",
    listing: "audit",
    loss: {
      part: "what administrators did is not seen, and a space that vanishes cannot be told from one that is hidden",
    },
    run: async (client, signal) => {
      const untilAt = client.clock.now();
      const since = new Date(untilAt.getTime() - DAY_MS);
      const records = await readAuditPage(client, { since, untilAt, start: 0, limit: PROBED_ROWS }, signal);
      return `Read ${plural(records.length, "record")} of the last day.`;
    },
  },
];

const PERMISSION_CHECKS: readonly Check[] = [
  {
    name: "Spaces",
    listing: "spaces",
    loss: "capability",
    run: async (client, signal) => {
      const { rows, next } = await readSpaces(client, null, signal, PROBED_ROWS);
      return next === null ? `The account sees ${plural(rows.length, "space")}.` : "The account sees spaces.";
    },
  },
  {
    name: "Permissions of a space",
    listing: "space-permissions",
    loss: "capability",
    run: async (client, signal) => {
      const [space] = (await readSpaces(client, null, signal, 1)).rows;
      if (!space) return "There is no space to try it on.";
      const { rows, next } = await readSpacePermissions(client, space.sourceId, null, signal);
      return `Space "${space.name}" has ${next === null ? "" : "more than "}${plural(rows.length, "permission")}.`;
    },
  },
  {
    name: "Space roles",
    listing: "space-roles",
    loss: { part: "who holds a role on a space is not seen" },
    run: async (client, signal) => {
      try {
        const { rows } = await readSpaceRoles(client, null, signal);
        return `The site has ${plural(rows.length, "space role")}.`;
      } catch (thrown) {
        if (thrown instanceof SourceFailure && thrown.code === "source.edition-lacks") return thrown.publicMessage;
        throw thrown;
      }
    },
  },
];

/** What writing rests on, the writer probes. */
const CHECKS: Partial<Record<Capability, readonly Check[]>> = {
  roster: ROSTER_CHECKS,
  activity: ACTIVITY_CHECKS,
  permissions: PERMISSION_CHECKS,
};

/** The roster comes from the user search, or from groups and members: one of the two is enough. */
function withEitherWay(probes: Probe[]): Probe[] {
  const isPassed = (name: string) => probes.some((each) => each.name === name && each.outcome === "passed");
  const otherWay: Record<string, { name: string; consequence: string }> = {
    [USER_SEARCH]: { name: GROUPS_AND_MEMBERS, consequence: "the roster is made from groups and their members" },
    [GROUPS_AND_MEMBERS]: {
      name: USER_SEARCH,
      consequence: "who is in which group, and why a seat is held, is not seen",
    },
  };
  return probes.map((each) => {
    const other = otherWay[each.name];
    if (each.outcome !== "failed" || !other || !isPassed(other.name)) return each;
    return { ...each, outcome: "warning", detail: `${each.detail} Without it: ${other.consequence}.` };
  });
}

async function someAccountIds(client: SiteClient, signal: AbortSignal): Promise<string[]> {
  const abilities = abilitiesOf(client.credentials).listings;
  if (abilities.accounts === null) {
    const { rows } = await readAccounts(client, null, signal, PROBED_ROWS);
    return rows.map(({ sourceId }) => sourceId);
  }
  if (abilities.members !== null) return [];
  const [group] = (await readGroups(client, null, signal)).rows;
  if (!group) return [];
  const { rows } = await readMembers(client, group.sourceId, null, { withAccess: false, limit: PROBED_ROWS }, signal);
  return rows.map(({ sourceId }) => sourceId);
}
