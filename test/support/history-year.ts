import type { Random } from "./seeded-random.ts";
import { applyChanges, type Change } from "../../src/sim/control/changes.ts";
import { spaceReaders, truthOf } from "../../src/sim/control/truth.ts";
import type { Simulator } from "../../src/sim/server.ts";
import { permissionRows } from "../../src/sim/world/permissions.ts";
import type { SiteWorld } from "../../src/sim/world/world.ts";

/** What was so at the end of one day, as the simulator knows it; everything by the source's ids. */
export interface DayTruth {
  accounts: Map<string, string>;
  seats: string[];
  groups: Map<string, string>;
  memberships: Map<string, string[]>;
  productAccessGroups: string[];
  spaces: Map<string, string>;
  /** Space → who holds what: `group:id:read/space`. */
  permissions: Map<string, string[]>;
  /** Space → accounts that may read it. */
  readers: Map<string, string[]>;
}

export function recordDay(site: SiteWorld): DayTruth {
  const truth = truthOf(site);
  return {
    accounts: new Map(truth.accounts.map((each) => [each.id, `${each.displayName}, ${each.class}`])),
    seats: truth.accounts.filter((each) => each.holdsSeat).map((each) => each.id),
    groups: new Map(truth.groups.map((each) => [each.id, each.name])),
    memberships: new Map(Object.entries(truth.memberships)),
    productAccessGroups: truth.productAccessGroups,
    spaces: new Map(truth.spaces.map((each) => [each.id, each.name])),
    permissions: new Map(
      site.spaces.map((space) => [
        space.id,
        permissionRows(site, space).map(
          ({ principalType, principalId, key, target }) =>
            `${principalType}:${principalType === "access-class" ? classId(principalId) : principalId}:${key}/${target}`,
        ),
      ]),
    ),
    readers: new Map(site.spaces.map((space) => [space.id, spaceReaders(site, space.id)?.readers ?? []])),
  };
}

/** The classic permissions write a class in capitals, what is stored has it in one spelling (TRAPS §2.2). */
function classId(principalId: string): string {
  return principalId.toLowerCase().replaceAll("_", "-");
}

/** Changes of one day; a few that cannot be made (a right that is already there) are skipped, as people would. */
export function liveADay({ sim }: Simulator, site: SiteWorld, random: Random): Change["kind"][] {
  const made: Change["kind"][] = [];
  const wishes = 1 + random.below(4);
  for (let wish = 0; wish < wishes; wish += 1) {
    const change = randomChange(site, random);
    try {
      applyChanges(sim, [change]);
      made.push(change.kind);
    } catch (refusal) {
      if (!(refusal instanceof Error) || !/refused|knows no|has no/.test(refusal.message)) throw refusal;
    }
  }
  return made;
}

/** Groups that the simulator itself stands on come first and are never removed. */
const KEPT_GROUPS = 6;
const ACCOUNTS_MAX = 55;
const ACCOUNTS_MIN = 30;
const GROUPS_MAX = 12;
const SPACES_MAX = 9;
const SPACES_MIN = 4;

function randomChange(site: SiteWorld, random: Random): Change {
  // The first two are whose credentials read the site.
  const account = () =>
    random.of(site.accounts.filter((index) => index > 1).flatMap((index) => site.people[index]?.id ?? []));
  const group = () => random.of(site.groups).id;
  const space = () => random.of(site.spaces).id;
  const name = () => `Named ${random.below(1_000_000)}`;
  const right = () => random.of([{ key: "read" }, { key: "create", target: "page" }, { key: "administer" }]);
  const holder = () => (random.below(2) === 0 ? { account: account() } : { group: group() });
  return random.of<() => Change>([
    () => ({ kind: "add-member", account: account(), group: group() }),
    () => ({ kind: "add-member", account: account(), group: group() }),
    () => ({ kind: "remove-member", account: account(), group: group() }),
    () => ({ kind: "remove-member", account: account(), group: group() }),
    () => ({ kind: "remove-member", account: account(), group: site.groups[0]?.id ?? "" }),
    () => ({ kind: "add-member", account: account(), group: site.groups[0]?.id ?? "" }),
    () => ({ kind: "deactivate", account: account() }),
    () => ({ kind: "reactivate", account: account() }),
    () => ({ kind: "rename-account", account: account(), name: name() }),
    () =>
      site.accounts.length < ACCOUNTS_MAX
        ? { kind: "add-account", name: name() }
        : { kind: "remove-account", account: account() },
    () =>
      site.accounts.length > ACCOUNTS_MIN
        ? { kind: "remove-account", account: account() }
        : { kind: "add-account", name: name() },
    () =>
      site.groups.length < GROUPS_MAX
        ? { kind: "add-group", name: name() }
        : { kind: "remove-group", group: random.of(site.groups.slice(KEPT_GROUPS)).id },
    () => ({ kind: "remove-group", group: random.of(site.groups.slice(KEPT_GROUPS))?.id ?? "none" }),
    () =>
      site.spaces.length < SPACES_MAX ? { kind: "add-space", name: name() } : { kind: "remove-space", space: space() },
    () =>
      site.spaces.length > SPACES_MIN ? { kind: "remove-space", space: space() } : { kind: "add-space", name: name() },
    () => ({ kind: "rename-space", space: space(), name: name() }),
    () => ({ kind: "grant", space: space(), ...holder(), ...right() }),
    () => ({ kind: "grant", space: space(), ...holder(), ...right() }),
    () => ({ kind: "revoke", space: space(), ...holder(), ...right() }),
    () => ({ kind: "revoke", space: space(), ...holder(), ...right() }),
  ])();
}
