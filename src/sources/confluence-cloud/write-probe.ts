import type { Probe } from "../../model/connections.ts";
import { wordsOf } from "../atlassian/credential.ts";
import { readWhole } from "../atlassian/whole.ts";
import { plural } from "../atlassian/words.ts";
import { passed, runWriteChecks, type Seen, seenAs, warning } from "../atlassian/write-checks.ts";
import { apiOf, SITE_ADMIN, whyNotChanged, writersFor } from "./changes.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import type { SiteDirectory } from "./directory.ts";
import { readGroupsOfAccount, readProductAccessGroups } from "./groups.ts";
import { countScimUsers } from "./scim.ts";
import { V1User } from "./user.ts";

const SCIM_DIRECTORY = "SCIM directory";

/** Enough names to recognize the groups by. */
const NAMED_GROUPS = 5;

/** What taking a seat rests on, looked at without changing anything; that writing works, only the write proof shows. */
export function probeWriting(client: SiteClient, directory: SiteDirectory, signal: AbortSignal): Promise<Probe[]> {
  const checks = [
    { name: "Right to change groups", run: (at: AbortSignal) => rightToChange(client, directory, at) },
    { name: "Groups that give Confluence can be changed", run: (at: AbortSignal) => modifiable(client, at) },
    { name: "Suspension in the directory", run: (at: AbortSignal) => suspension(client, directory, at) },
  ];
  const hasKey = client.credentials.some(({ kind }) => kind === "scim-key");
  const scim = { name: SCIM_DIRECTORY, run: (at: AbortSignal) => provisioning(client, at) };
  return runWriteChecks(hasKey ? [...checks, scim] : checks, client.clock, signal);
}

async function rightToChange(client: SiteClient, directory: SiteDirectory, signal: AbortSignal): Promise<Seen> {
  const [credential] = writersFor("remove-member", client.credentials);
  if (!credential) {
    const missing = whyNotChanged("remove-member", client.credentials);
    return seenAs(missing, missing.code === "source.missing-credential" ? "not-checked" : "failed");
  }
  const words = wordsOf(credential);
  if (apiOf(credential) === "organization") {
    await directory.id(signal);
    return passed(`The ${words} reaches the organization's directory; it is what groups would be changed with.`);
  }
  const user = await client.readWith(
    credential,
    "accounts-by-id",
    {
      template: "/wiki/rest/api/user/current",
      path: "/wiki/rest/api/user/current",
      schema: V1User,
      pointsOf: () => IDENTITY_POINTS,
      what: "the account behind the credential",
    },
    signal,
  );
  const { accountId } = user;
  if (!accountId) return warning(`Nobody tells whose the ${words} is.`, "Run the write proof.");
  const [administering, own] = await Promise.all([
    readWhole((cursor) => readProductAccessGroups(client, "site-admin", cursor, signal)),
    readWhole((cursor) => readGroupsOfAccount(client, accountId, cursor, signal)),
  ]);
  const through = own.find((group) => administering.some(({ sourceId }) => sourceId === group.sourceId));
  if (through) return passed(`The account behind the ${words} is a ${SITE_ADMIN} through "${through.name}".`);
  return warning(
    `The account behind the ${words} is in no group that administers the site, so that Atlassian may refuse changes.`,
    `Give that account the role it needs (${SITE_ADMIN}); if it has it in another way, the write proof shows it.`,
  );
}

async function modifiable(client: SiteClient, signal: AbortSignal): Promise<Seen> {
  const groups = await readWhole((cursor) => readProductAccessGroups(client, "user", cursor, signal));
  const managed = groups.filter(({ managedBy }) => managedBy === "external");
  if (managed.length === 0)
    return passed(`None of ${plural(groups.length, "group")} is managed by an identity provider.`);
  const names = managed.slice(0, NAMED_GROUPS).map(({ name }) => `"${name}"`);
  const more = managed.length > names.length ? ` and ${managed.length - names.length} more` : "";
  return warning(
    `An identity provider manages ${names.join(", ")}${more}: who is in them is changed there.`,
    "Seats that come through these groups end as an instruction for whoever runs the identity provider, or by suspension.",
  );
}

async function suspension(client: SiteClient, directory: SiteDirectory, signal: AbortSignal): Promise<Seen> {
  const [key] = writersFor("suspend-account", client.credentials);
  if (!key) {
    const missing = whyNotChanged("suspend-account", client.credentials);
    return seenAs(missing, missing.code === "source.missing-credential" ? "not-checked" : "warning");
  }
  await directory.id(signal);
  return passed(`The ${wordsOf(key)} reaches the directory that gives this site its people.`);
}

/** Asked only where there is a key: most organizations leave their directory to the identity provider. */
async function provisioning(client: SiteClient, signal: AbortSignal): Promise<Seen> {
  const [key] = writersFor("scim-deactivate", client.credentials);
  if (!key) return seenAs(whyNotChanged("scim-deactivate", client.credentials), "not-checked");
  const users = await countScimUsers(client, key, signal);
  return passed(`The ${wordsOf(key)} opens a directory with ${plural(users, "user")}.`);
}
