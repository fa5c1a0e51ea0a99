import { type DataCenterCall, baseUrl } from "./call.ts";
import type { DataCenterGroup } from "./groups.ts";
import type { DataCenterUser } from "./people.ts";
import type { Subject } from "./permissions.ts";
import type { DataCenterSpace } from "./spaces.ts";

/** A user as REST shows one: no address (FACTS §10). */
export function userJson({ sim, dc }: DataCenterCall, user: DataCenterUser, withStatus = false) {
  const { username, userKey, displayName } = user;
  return {
    type: "known",
    username,
    userKey,
    profilePicture: {
      path: `${dc.contextPath}/images/icons/profilepics/default.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName,
    ...(withStatus ? { status: user.isActive ? "current" : "deactivated" } : {}),
    _links: { self: `${baseUrl(sim, dc)}/rest/api/user?key=${userKey}` },
    _expandable: withStatus ? {} : { status: "" },
  };
}

export function groupJson({ sim, dc }: DataCenterCall, { name }: Pick<DataCenterGroup, "name">) {
  return {
    type: "group",
    name,
    _links: { self: `${baseUrl(sim, dc)}/rest/api/group/${encodeURIComponent(name)}` },
    _expandable: {},
  };
}

export function spaceJson({ sim, dc }: DataCenterCall, space: DataCenterSpace) {
  const { id, key, name, type, status } = space;
  const path = `/rest/api/space/${encodeURIComponent(key)}`;
  return {
    id,
    key,
    name,
    status,
    type,
    _links: { webui: `/display/${encodeURIComponent(key)}`, self: `${baseUrl(sim, dc)}${path}` },
    _expandable: { metadata: "", icon: "", description: "", retentionPolicy: "", homepage: "", permissions: "" },
  };
}

export function subjectJson(call: DataCenterCall, subject: Subject) {
  if (subject.kind === "group") return { ...groupJson(call, subject), displayName: subject.name };
  const user = subject.kind === "user" ? call.dc.users[subject.index] : undefined;
  return user ? userJson(call, user) : { type: "anonymous", displayName: "Anonymous" };
}
