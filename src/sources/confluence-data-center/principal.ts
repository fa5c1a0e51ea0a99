import { z } from "zod";
import type { PrincipalType } from "../../model/facts.ts";
import type { Directory } from "./directory.ts";

/** Whoever holds a permission, as REST tells it; without a subject it is everybody who is not logged in. */
export const Subject = z
  .object({
    type: z.string().nullish(),
    name: z.string().nullish(),
    username: z.string().nullish(),
    userKey: z.string().nullish(),
    displayName: z.string().nullish(),
  })
  .nullish();
export type Subject = z.infer<typeof Subject>;

export interface Principal {
  principalType: PrincipalType;
  principalId: string;
}

export const ANONYMOUS: Principal = { principalType: "access-class", principalId: "anonymous-users" };

export async function principalOf(subject: Subject, directory: Directory, signal: AbortSignal): Promise<Principal> {
  const type = (subject?.type ?? "").toLowerCase();
  if (!subject || type.startsWith("anonymous")) return ANONYMOUS;
  if (type === "group") return groupPrincipal(subject.name ?? subject.displayName ?? "");
  if (subject.userKey) return { principalType: "user", principalId: subject.userKey };
  if (subject.username) return userPrincipal(subject.username, directory, signal);
  if (subject.name) return groupPrincipal(subject.name);
  if (type === "") return ANONYMOUS;
  // A class of people that a version adds one day opens the space to someone: it is kept, and shown under its name.
  return { principalType: "access-class", principalId: type.replaceAll("_", "-") };
}

export function groupPrincipal(name: string): Principal {
  return { principalType: "group", principalId: name };
}

/** Whose name nobody has any more is kept by the name: the right is still there. */
export async function userPrincipal(username: string, directory: Directory, signal: AbortSignal): Promise<Principal> {
  return { principalType: "user", principalId: (await directory.keyOf(username, signal)) ?? username };
}
