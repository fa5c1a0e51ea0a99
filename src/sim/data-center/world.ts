import type { Scale } from "../world/scales.ts";
import { thirdOf } from "../world/scales.ts";
import type { ContentItem } from "../world/content.ts";
import type { SeatCount } from "../world/seat-count.ts";
import type { DataCenterAuditRecord } from "./audit.ts";
import { type DataCenterGroup, makeDataCenterGroups } from "./groups.ts";
import { type DataCenterUser, makeUsers } from "./people.ts";
import { type GlobalPermission, makeGlobalPermissions, type SpacePermissionChanges } from "./permissions.ts";
import { type DataCenterSettings, DEFAULT_SETTINGS } from "./settings.ts";
import { type DataCenterSpace, makeDataCenterSpaces } from "./spaces.ts";

/** What is so of an instance before anything of it was made. */
export interface DataCenterProfile {
  /** Apart from the numbers of Cloud's sites, so that no draw is shared. */
  number: number;
  name: string;
  title: string;
  version: string;
  buildNumber: number;
  /** `""` or with its slash. */
  contextPath: string;
  /** Space permissions by REST came with 9.1 (TRAPS §3); before, JSON-RPC has them. */
  hasRestPermissions: boolean;
  /** The old remote API, JSON-RPC, is turned on. */
  hasRemoteApi: boolean;
}

export const PROFILES: readonly DataCenterProfile[] = [
  {
    number: 10,
    name: "wiki",
    title: "Acme Wiki",
    version: "10.0.3",
    buildNumber: 10_003,
    contextPath: "/confluence",
    hasRestPermissions: true,
    hasRemoteApi: false,
  },
  {
    number: 11,
    name: "legacy",
    title: "Acme Legacy",
    version: "8.5.4",
    buildNumber: 9_012,
    contextPath: "",
    hasRestPermissions: false,
    hasRemoteApi: true,
  },
];

/** One instance of Confluence Data Center: what was made from the seed, and what was changed since. */
export interface DataCenter extends DataCenterProfile {
  seed: number;
  scale: Scale;
  /** Epoch milliseconds of the seed's "now". */
  startedAt: number;
  settings: DataCenterSettings;
  users: DataCenterUser[];
  usersByName: Map<string, DataCenterUser>;
  usersByKey: Map<string, DataCenterUser>;
  /** Replaced by every change; in the order of the listing. */
  groupsByName: Map<string, DataCenterGroup>;
  spaces: DataCenterSpace[];
  nextSpaceNumber: number;
  globalPermissions: GlobalPermission[];
  permissionChanges: Map<number, SpacePermissionChanges>;
  /** `subjectKey` of groups and users that are gone: their seeded rights went with them. */
  removedSubjects: Set<string>;
  /** Never change, so that rows drawn from them stay where they are. */
  seededUsers: number;
  seededGroups: readonly string[];
  seededSpaces: readonly DataCenterSpace[];
  /** Who writes, most prolific first; who wrote more than a year ago. */
  writers: Int32Array;
  formerWriters: Int32Array;
  /** Content written or changed since the start, by id, newest last. */
  contentChanges: Map<string, ContentItem>;
  /** Newest last. */
  auditChanges: DataCenterAuditRecord[];
  /** Counts every change; whoever keeps something computed compares it. */
  changeCount: number;
  /** See seat-count.ts. */
  seatCounts: SeatCount[];
  /** Tokens left of each caller, see rate-limits.ts. */
  buckets: Map<string, { tokens: number; at: number }>;
}

export interface DataCenterPlan {
  seed: number;
  /** Of the whole company. */
  scale: Scale;
  now: number;
}

export function makeDataCenter(profile: DataCenterProfile, { seed, scale, now }: DataCenterPlan): DataCenter {
  const { number } = profile;
  const users = makeUsers(seed, number, scale.accounts, now);
  const groups = makeDataCenterGroups(seed, number, scale, users);
  const active = users.filter((each) => each.isActive);
  const third = thirdOf(scale);
  const spaces = makeDataCenterSpaces(seed, number, third.spaces, active);
  return {
    ...profile,
    seed,
    scale: third,
    startedAt: now,
    settings: { ...DEFAULT_SETTINGS },
    users,
    usersByName: new Map(users.map((each) => [each.username, each])),
    usersByKey: new Map(users.map((each) => [each.userKey, each])),
    groupsByName: new Map(groups.map((each) => [each.name, each])),
    spaces,
    nextSpaceNumber: third.spaces,
    globalPermissions: makeGlobalPermissions(users),
    permissionChanges: new Map(),
    removedSubjects: new Set(),
    seededUsers: users.length,
    seededGroups: groups.map((each) => each.name),
    seededSpaces: spaces,
    writers: Int32Array.from(active.filter((each) => each.index % 2 === 0).map((each) => each.index)),
    formerWriters: Int32Array.from(users.filter((each) => !each.isActive).map((each) => each.index)),
    contentChanges: new Map(),
    auditChanges: [],
    changeCount: 0,
    seatCounts: [],
    buckets: new Map(),
  };
}

/** Something computed from an instance, kept until the instance changes. */
export function kept<Value>(compute: (dc: DataCenter) => Value): (dc: DataCenter) => Value {
  const known = new WeakMap<DataCenter, { changeCount: number; value: Value }>();
  return (dc) => {
    const found = known.get(dc);
    if (found?.changeCount === dc.changeCount) return found.value;
    const value = compute(dc);
    known.set(dc, { changeCount: dc.changeCount, value });
    return value;
  };
}

/** Those that were not deleted, in the order of the listings. */
export const knownUsers = kept((dc) => dc.users.filter((each) => !each.isGone));

export const groupList = kept((dc) => [...dc.groupsByName.values()]);
