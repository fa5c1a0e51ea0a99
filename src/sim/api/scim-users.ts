import { bodyObject, Refused, type Reply, status } from "../http.ts";
import { type Call, worldTime } from "../simulation.ts";
import { addAccount, renameAccount, setAccountState } from "../world/change.ts";
import { makeNewcomer } from "../world/newcomers.ts";
import type { Account } from "../world/people.ts";
import { groupsOf } from "../world/world.ts";
import {
  ATLASSIAN_SCHEMA,
  chosenAttributes,
  ENTERPRISE_SCHEMA,
  patchOperations,
  provisioned,
  scimError,
  scimFilter,
  scimJson,
  scimPage,
  scimUserId,
  USER_SCHEMA,
} from "./scim-common.ts";

/** The identity provider knows people by a number of its own. */
const externalIdOf = ({ index }: Account): string => `idp-${String(index).padStart(6, "0")}`;

export function listScimUsers(call: Call): Reply {
  const filter = scimFilter(call, ["userName", "externalId"]);
  const people = provisioned(call.sim.world).filter(
    (each) =>
      filter === null || (filter.name === "userName" ? (each.email ?? "") : externalIdOf(each)) === filter.value,
  );
  return scimPage(call, people, (each) => chosenAttributes(call, userResource(call, each)));
}

export function getScimUser(call: Call): Reply {
  return scimJson(chosenAttributes(call, userResource(call, wanted(call))));
}

/** Somebody who was deleted there comes back; a new account is known to the first site and in no group. */
export function createScimUser(call: Call): Reply {
  const { sim } = call;
  const { userName, displayName } = fieldsOf(call);
  const known = sim.world.people.find((each) => each.email?.toLowerCase() === userName.toLowerCase());
  if (known && !known.isUnprovisioned) return scimError(409, "The user already exists", "uniqueness");
  if (!userName.endsWith("@acme.example"))
    return scimError(400, "The e-mail address is not on a verified domain", "invalidValue");
  const account = known ?? makeNewcomer(sim.world, worldTime(sim), { displayName, email: userName, synced: true });
  const [first] = sim.world.sites;
  if (!known && first) addAccount(first, account, by(call));
  delete account.isUnprovisioned;
  activate(call, account, true);
  return scimJson(chosenAttributes(call, userResource(call, account)), 201);
}

/** Replaces what the world holds of a user: the name, and whether the account is active. */
export function replaceScimUser(call: Call): Reply {
  const account = wanted(call);
  const { displayName, active } = fieldsOf(call);
  if (displayName !== undefined) rename(call, account, displayName);
  activate(call, account, active);
  return scimJson(chosenAttributes(call, userResource(call, account)));
}

export function patchScimUser(call: Call): Reply {
  const account = wanted(call);
  const wishes = patchOperations(bodyObject(call.request)).flatMap(({ op, path, value }): [string, unknown][] => {
    if (op === "remove") throw new Refused(scimError(400, `${path} cannot be removed`, "mutability"));
    return path === "" ? Object.entries(Object(value)) : [[path, value]];
  });
  for (const [name, value] of wishes) checkAttribute(name, value);
  for (const [name, value] of wishes) {
    if (name === "active") activate(call, account, value === true);
    else rename(call, account, String(value));
  }
  return scimJson(chosenAttributes(call, userResource(call, account)));
}

/** "Deactivate a user … Any future operation for the deactivated user returns the 404" (document). */
export function deleteScimUser(call: Call): Reply {
  const account = wanted(call);
  activate(call, account, false);
  account.isUnprovisioned = true;
  return status(204);
}

function checkAttribute(name: string, value: unknown): void {
  if (name !== "active" && name !== "displayName")
    throw new Refused(scimError(400, `${name} is not kept here`, "invalidPath"));
  const wants = name === "active" ? "boolean" : "string";
  if (typeof value !== wants) throw new Refused(scimError(400, `${name} is a ${wants}`, "invalidValue"));
}

/** A deactivated account may open nothing; its groups stay as they are. */
function activate(call: Call, account: Account, isActive: boolean): void {
  const state = isActive ? "active" : "inactive";
  const isSo = isActive ? account.state !== "inactive" : account.state === "inactive";
  if (!isSo) setAccountState(call.sim.world.sites, account, state, by(call));
}

function rename(call: Call, account: Account, displayName: string): void {
  if (account.displayName !== displayName) renameAccount(call.sim.world.sites, account, displayName, by(call));
}

function wanted(call: Call): Account {
  const { world } = call.sim;
  const found = provisioned(world).find((each) => scimUserId(world, each) === call.params["userId"]);
  if (!found) throw new Refused(scimError(404, `Resource ${call.params["userId"]} not found`));
  return found;
}

function fieldsOf(call: Call): { userName: string; displayName?: string; active: boolean } {
  const { userName, displayName, active } = bodyObject(call.request) ?? {};
  if (typeof userName !== "string" || userName === "")
    throw new Refused(scimError(400, "userName is required", "invalidValue"));
  return { userName, ...(typeof displayName === "string" ? { displayName } : {}), active: active !== false };
}

function userResource(call: Call, account: Account): Record<string, unknown> {
  const { world, url } = call.sim;
  const id = scimUserId(world, account);
  const at = new Date(account.addedAt).toISOString();
  const [givenName = "", ...rest] = account.displayName.split(" ");
  const self = `${url}/api/scim/directory/${world.scimDirectoryId}`;
  const groups = world.sites
    .flatMap((site) => groupsOf(site, account.index))
    .filter((each) => each.managedBy === "EXTERNAL")
    .map((each) => ({ type: "Direct", value: each.id, display: each.name, $ref: `${self}/Groups/${each.id}` }));
  return {
    schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA, ATLASSIAN_SCHEMA],
    id,
    externalId: externalIdOf(account),
    userName: account.email ?? "",
    emails: [{ value: account.email ?? "", type: "work", primary: true }],
    name: { formatted: account.displayName, familyName: rest.join(" "), givenName },
    displayName: account.displayName,
    nickName: account.publicName,
    title: account.jobTitle,
    preferredLanguage: "en-US",
    department: account.department,
    organization: "Acme",
    timezone: account.timeZone,
    phoneNumbers: [],
    active: account.state !== "inactive",
    groups,
    meta: { resourceType: "USER", location: `${self}/Users/${id}`, lastModified: at, created: at },
    [ENTERPRISE_SCHEMA]: { organization: "Acme", department: account.department },
    [ATLASSIAN_SCHEMA]: { atlassianAccountId: account.id },
  };
}

function by(call: Call) {
  return { at: worldTime(call.sim), author: null };
}
