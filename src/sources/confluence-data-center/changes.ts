import type { Change, ChangeKind } from "../../model/changes.ts";
import type { ChangeCall } from "../atlassian/change.ts";
import { type CredentialAccess, SourceFailure } from "../source.ts";
import { isAddressable } from "./groups.ts";

/** A new group is answered with itself; it has no id but its name (spec DC). */
type Call = ChangeCall<never>;

export const ADMINISTRATOR = "Confluence administrator";

/** As the object of a sentence; null: Data Center has no such thing. */
export const CHANGED: Record<ChangeKind, string | null> = {
  "add-member": "the members of the group",
  "remove-member": "the members of the group",
  "suspend-account": null,
  "reinstate-account": null,
  "scim-deactivate": null,
  "scim-activate": null,
  "disable-account": "the user",
  "enable-account": "the user",
  "create-group": "groups",
  "delete-group": "the group",
};

/** Tokens before passwords, as for reading; only of a connection that was given `reclaim` for the site. */
export function writersOf(credentials: readonly CredentialAccess[]): CredentialAccess[] {
  const writing = credentials.filter(({ capabilities }) => capabilities?.includes("reclaim") ?? true);
  const ofKind = (kind: CredentialAccess["kind"]) => writing.filter((each) => each.kind === kind);
  return [...ofKind("personal-access-token"), ...ofKind("basic")];
}

export function whyNotChanged(kind: ChangeKind): SourceFailure {
  const what = CHANGED[kind];
  if (what === null) {
    return new SourceFailure(`Data Center has no ${kind}.`, {
      code: "source.edition-lacks",
      publicMessage: `Confluence Data Center has no organization above it: there is no change "${kind}".`,
      fix: "Use a way of taking access that it has: removal from groups, or disabling the user.",
      capability: "reclaim",
    });
  }
  const needed = "a personal access token, or a user name with its password, of a Confluence administrator";
  return new SourceFailure(`No credential of the right kind for ${kind}.`, {
    code: "source.missing-credential",
    publicMessage: `The connection has no credential that can change ${what}: it needs ${needed}.`,
    fix: `Add ${needed} to the connection, and choose reclaim among its capabilities.`,
    capability: "reclaim",
  });
}

/** The one request that makes a change; `username` is of the account that the change names. */
export function changeCall(change: Change, username: string): Call {
  const { method, template, path, body } = where(change, username);
  return {
    method,
    path,
    query: new URLSearchParams(),
    body,
    schema: null,
    // Without them a PUT without a body is taken for a form's, which Confluence refuses (FACTS §10).
    headers: { "content-type": "application/json", "x-atlassian-token": "no-check" },
    endpoint: `${method} ${template}`,
    what: CHANGED[change.kind] ?? change.kind,
    isChange: true,
    capability: "reclaim",
    scopes: [],
    role: ADMINISTRATOR,
    needsAdministrator: false,
    isOneThing: change.kind !== "create-group",
    hasCursor: false,
  };
}

function where(change: Change, username: string): Pick<Call, "method" | "path" | "body"> & { template: string } {
  const user = inPath(username, "the user");
  switch (change.kind) {
    case "add-member":
    case "remove-member": {
      const method = change.kind === "add-member" ? "PUT" : "DELETE";
      const group = inPath(change.groupSourceId, "the members of the group");
      const template = "/rest/api/user/{username}/group/{groupName}";
      return { method, template, path: `/rest/api/user/${user}/group/${group}`, body: undefined };
    }
    case "disable-account":
    case "enable-account": {
      const verb = change.kind === "disable-account" ? "disable" : "enable";
      const template = `/rest/api/admin/user/{username}/${verb}`;
      return { method: "PUT", template, path: `/rest/api/admin/user/${user}/${verb}`, body: undefined };
    }
    case "create-group": {
      const path = "/rest/api/admin/group";
      return { method: "POST", template: path, path, body: { type: "group", name: change.name } };
    }
    case "delete-group": {
      const path = `/rest/api/admin/group/${inPath(change.groupSourceId, "the group")}`;
      return { method: "DELETE", template: "/rest/api/admin/group/{groupName}", path, body: undefined };
    }
    default:
      throw whyNotChanged(change.kind);
  }
}

/** A name with a slash can be named in no path, and one of dots alone would name another (TRAPS §2.11). */
function inPath(name: string, what: string): string {
  if (name === "" || isAddressable(name)) return encodeURIComponent(name);
  throw new SourceFailure(`${name} cannot be named in a path.`, {
    code: "source.edition-lacks",
    publicMessage: `Confluence's API cannot be asked to change ${what} "${name}", because a name with a slash cannot stand in its addresses.`,
    fix: "Make this change in Confluence's administration, or rename it in its directory.",
    capability: "reclaim",
  });
}
