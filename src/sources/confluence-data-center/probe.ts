import type { Capability, Probe } from "../../model/connections.ts";
import { type Check as SharedCheck, runChecks } from "../atlassian/checks.ts";
import { CONTENT_WORDS } from "../atlassian/content.ts";
import { plural } from "../atlassian/words.ts";
import type { ContentType } from "../source.ts";
import { abilitiesOf } from "./abilities.ts";
import { readUsers } from "./accounts.ts";
import { readAuditEvents } from "./audit.ts";
import { readContent } from "./content.ts";
import { isAddressable, readGroups } from "./groups.ts";
import { membersCall } from "./nesting.ts";
import type { OpenSite } from "./open-site.ts";
import { readProductAccessGroups } from "./product-access.ts";
import { readSpacePermissions } from "./space-permissions.ts";
import { readSpaces } from "./spaces.ts";

/** Enough rows to see that the listing works. */
const PROBED_ROWS = 5;
const DAY_MS = 24 * 3_600_000;

type Check = SharedCheck<OpenSite>;

/** Checks one capability for real, one check after the other; nothing is changed at the instance. */
export function probe(open: OpenSite, capability: Capability, signal: AbortSignal): Promise<Probe[]> {
  const { clock, credentials } = open.client;
  const { listings } = abilitiesOf(credentials);
  return runChecks(open, { capability, listings, checks: CHECKS[capability] ?? [], clock }, signal);
}

const ROSTER_CHECKS: readonly Check[] = [
  {
    name: "Users",
    listing: "accounts",
    loss: "capability",
    run: async (open, signal) => {
      const { rows, next } = await readUsers(open, null, signal, PROBED_ROWS);
      return next === null ? `The instance has ${plural(rows.length, "user")}.` : "The instance tells its users.";
    },
  },
  {
    name: "Users that the license counts",
    listing: "accounts",
    loss: { part: "who takes up a place in the license is not told by the license itself" },
    run: async ({ directory }, signal) => {
      const { rows, next } = await directory.readLicensedPage(null, signal, PROBED_ROWS);
      return next === null ? `The license counts ${plural(rows.length, "user")}.` : "The license tells whom it counts.";
    },
  },
  {
    name: "Groups and their members",
    listing: "members",
    loss: "capability",
    run: async ({ client }, signal) => {
      const { rows } = await readGroups(client, null, signal);
      const group = rows.find(({ name }) => isAddressable(name));
      if (!group) return "The instance shows no groups.";
      const call = { ...membersCall(group.name), limit: PROBED_ROWS };
      const members = await client.offsetPage("members", call, null, signal);
      return `Read the members of "${group.name}": ${members.next === null ? members.rows.length : "more than a page"}.`;
    },
  },
  {
    name: "Groups that give Confluence",
    listing: "product-access",
    loss: { part: "the groups that give a seat have to be named by hand" },
    run: async (open, signal) => {
      const { rows } = await readProductAccessGroups(open, "user", signal);
      const names = rows.slice(0, PROBED_ROWS).map(({ name }) => `"${name}"`);
      return `Confluence comes with ${plural(rows.length, "group")}: ${names.join(", ") || "none"}.`;
    },
  },
];

const ACTIVITY_CHECKS: readonly Check[] = [
  ...(["page", "blogpost", "comment", "attachment"] satisfies ContentType[]).map((type): Check => ({
    name: `Content search: ${CONTENT_WORDS[type]}`,
    listing: "content",
    loss: "capability",
    run: async (open, signal) => {
      const since = new Date(open.client.clock.now().getTime() - DAY_MS);
      const { rows, next } = await readContent(open, type, since, null, signal, PROBED_ROWS);
      return next === null ? `${plural(rows.length, "change")} in the last day.` : "The search finds changes.";
    },
  })),
  {
    name: "Audit log",
    listing: "audit",
    loss: {
      part: "what administrators did is not seen, and a space that vanishes cannot be told from one that is hidden",
    },
    run: async (open, signal) => {
      const since = new Date(open.client.clock.now().getTime() - DAY_MS);
      const { rows } = await readAuditEvents(open, since, null, signal, PROBED_ROWS);
      return `Read ${plural(rows.length, "event")} of the last day.`;
    },
  },
];

const PERMISSION_CHECKS: readonly Check[] = [
  {
    name: "Spaces",
    listing: "spaces",
    loss: "capability",
    run: async (open, signal) => {
      const { rows, next } = await readSpaces(open, null, signal, PROBED_ROWS);
      return next === null ? `The account sees ${plural(rows.length, "space")}.` : "The account sees spaces.";
    },
  },
  {
    name: "Permissions of a space",
    listing: "space-permissions",
    loss: "capability",
    run: async (open, signal) => {
      const [space] = (await readSpaces(open, null, signal, PROBED_ROWS)).rows;
      if (!space) return "There is no space to try it on.";
      const { rows } = await readSpacePermissions(open, space.sourceId, signal);
      const by = open.permissionsBy === "json-rpc" ? ", told by JSON-RPC" : "";
      return `Space "${space.name}" has ${plural(rows.length, "permission")}${by}.`;
    },
  },
];

/** What writing rests on, the writer probes. */
const CHECKS: Partial<Record<Capability, readonly Check[]>> = {
  roster: ROSTER_CHECKS,
  activity: ACTIVITY_CHECKS,
  permissions: PERMISSION_CHECKS,
};
