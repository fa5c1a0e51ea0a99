import type { SimRequest } from "../http.ts";
import { CONFLUENCE_ADMIN, type DataCenterUser, ORDINARY_USER, SYSTEM_ADMIN } from "./people.ts";
import type { DataCenter } from "./world.ts";

/** Who sends a request to an instance. */
export interface DataCenterCaller {
  kind: "personal-access-token" | "basic";
  user: DataCenterUser;
}

export interface DataCenterCredentials {
  personalAccessTokens: { name: string; username: string; token: string }[];
  passwords: { name: string; username: string; password: string }[];
}

const HOLDERS = [
  { name: "dc-admin", username: "petra", user: SYSTEM_ADMIN },
  { name: "dc-confluence-admin", username: "carla", user: CONFLUENCE_ADMIN },
  { name: "dc-user", username: "rita", user: ORDINARY_USER },
] as const;

/** The same for both instances of every simulator; they open nothing but a simulator. */
export function makeDataCenterCredentials(): DataCenterCredentials {
  return {
    personalAccessTokens: HOLDERS.map(({ name, username }) => ({ name, username, token: `sim-pat-of-${username}` })),
    passwords: HOLDERS.map(({ name, username }) => ({ name, username, password: `sim-password-of-${username}` })),
  };
}

/** A token stands for its owner; an owner who was deactivated opens nothing. Null for any other credential. */
export function dataCenterCaller(
  { personalAccessTokens, passwords }: DataCenterCredentials,
  dc: DataCenter,
  { headers }: SimRequest,
): DataCenterCaller | null {
  const [scheme = "", value = ""] = (headers.authorization ?? "").split(" ");
  const active = (username: string | undefined) => {
    const user = dc.usersByName.get(username ?? "");
    return user?.isActive ? user : null;
  };
  if (scheme === "Bearer") {
    const user = active(personalAccessTokens.find((each) => each.token === value)?.username);
    return user && { kind: "personal-access-token", user };
  }
  if (scheme !== "Basic") return null;
  const text = Buffer.from(value, "base64").toString();
  const found = passwords.find((each) => `${each.username}:${each.password}` === text);
  const user = active(found?.username);
  return user && { kind: "basic", user };
}
