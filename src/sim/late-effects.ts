import type { DataCenter } from "./data-center/world.ts";
import type { World } from "./world/world.ts";

/**
 * Writes that take a while to be seen: "changes may take up to 30 seconds to be reflected" (Organizations API, role
 * assignments; the others promise nothing, and of Data Center nothing is documented). The world and its truth change at
 * once; only reads are shown what was before.
 */
export interface LateEffects {
  /** Does a write, to `instance` or to Cloud, whose effect reads see from `until` on, epoch milliseconds of the pretend world. */
  write<Value>(until: number, instance: DataCenter | null, act: () => Value): Value;
  /** Does a read at an instant, as of before the writes that are not seen yet. */
  read<Value>(now: number, act: () => Value): Value;
}

/** What of the world can be read and put, with what it was before. */
interface Field {
  get(): unknown;
  put(value: unknown): void;
  before: unknown;
}

interface Pending {
  until: number;
  instance: DataCenter | null;
  fields: Field[];
}

export function createLateEffects(world: World): LateEffects {
  let pending: Pending[] = [];

  /** Whatever was computed from the world is computed anew. */
  function changesVersions(): void {
    for (const site of world.sites) site.version += 1;
    for (const { instance } of pending) if (instance) instance.changeCount += 1;
  }

  return {
    write(until, instance, act) {
      const fields = instance ? fieldsOfInstance(instance) : fieldsOfCloud(world);
      const value = act();
      pending.push({ until, instance, fields: fields.filter((each) => each.get() !== each.before) });
      return value;
    },
    read(now, act) {
      pending = pending.filter((each) => each.until > now);
      if (pending.length === 0) return act();
      // The latest first: what stood before the first of two changes of one field is what shows.
      const undone = pending.toReversed().flatMap((each) => each.fields.map(swapped));
      changesVersions();
      try {
        return act();
      } finally {
        for (const each of undone.reverse()) each.put(each.before);
        changesVersions();
      }
    },
  };
}

/** Puts a field back to what it was, and says what to put back after. */
function swapped(field: Field): Field {
  const now = field.get();
  field.put(field.before);
  return { ...field, before: now };
}

/** What is seen late: states of accounts, the list of groups, their members and roles. Who is new or gone is seen at once. */
function fieldsOfCloud(world: World): Field[] {
  return [
    ...world.people.map((each) => propertyOf(each, "state")),
    ...world.sites.map((each) => propertyOf(each, "groups")),
    ...world.sites.flatMap((site) =>
      site.groups.flatMap((each) => [propertyOf(each, "members"), propertyOf(each, "role")]),
    ),
  ];
}

/** The same of an instance: who is active, and each group with its members and the groups in it. */
function fieldsOfInstance({ users, groupsByName }: DataCenter): Field[] {
  return [
    ...users.map((each) => propertyOf(each, "isActive")),
    ...[...groupsByName].map(([name, before]): Field => ({
      get: () => groupsByName.get(name),
      put: (value) => void (groupsByName.has(name) && groupsByName.set(name, value as typeof before)),
      before,
    })),
  ];
}

function propertyOf<Holder extends object>(holder: Holder, name: keyof Holder & string): Field {
  return {
    get: () => holder[name],
    put: (value) => void Reflect.set(holder, name, value),
    before: holder[name],
  };
}
