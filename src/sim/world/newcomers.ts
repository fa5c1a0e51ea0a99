import { type Account, makePeople } from "./people.ts";
import type { World } from "./world.ts";

/** Somebody who comes after the start: an active employee whom no site knows yet. */
export function makeNewcomer(
  world: World,
  at: number,
  { displayName, email, synced }: { displayName?: string; email?: string; synced?: boolean },
): Account {
  const index = world.people.length;
  const [made] = makePeople(world.seed, index + 1, at).slice(index);
  if (!made) throw new Error("No account was made.");
  const account: Account = {
    ...made,
    kind: "atlassian",
    state: "active",
    isGuest: false,
    isEmployee: true,
    isInvited: false,
    displayName: displayName ?? made.displayName,
    publicName: displayName ?? made.publicName,
    email: email ?? made.email ?? `new.${index}@acme.example`,
    synced: synced ?? made.synced,
    addedAt: at,
  };
  world.people.push(account);
  // A newcomer was never here, whatever the seed would have made of the number.
  for (const each of world.sites) each.neverViewed.add(index);
  return account;
}
