import type { World } from "./world/world.ts";

/**
 * Writes that take a while to be seen: "changes may take up to 30 seconds to be reflected" (Organizations API, role
 * assignments; the others promise nothing). The world and its truth change at once; only reads are shown what was before.
 */
export interface LateEffects {
  /** Does a write whose effect reads see from `until` on, epoch milliseconds of the pretend world. */
  write<Value>(until: number, act: () => Value): Value;
  /** Does a read at an instant, as of before the writes that are not seen yet. */
  read<Value>(now: number, act: () => Value): Value;
}

/** A field with what it held before. */
interface Field {
  holder: object;
  name: string;
  before: unknown;
}

export function createLateEffects(world: World): LateEffects {
  let pending: { until: number; fields: Field[] }[] = [];

  function changesVersions(): void {
    for (const site of world.sites) site.version += 1;
  }

  return {
    write(until, act) {
      const fields = fieldsOf(world);
      const value = act();
      pending.push({ until, fields: fields.filter((each) => Reflect.get(each.holder, each.name) !== each.before) });
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
        for (const each of undone.reverse()) Reflect.set(each.holder, each.name, each.before);
        changesVersions();
      }
    },
  };
}

/** Puts a field back to what it was, and says what to put back after. */
function swapped({ holder, name, before }: Field): Field {
  const now: unknown = Reflect.get(holder, name);
  Reflect.set(holder, name, before);
  return { holder, name, before: now };
}

/** What is seen late: states of accounts, the list of groups, their members and roles. Who is new or gone is seen at once. */
function fieldsOf(world: World): Field[] {
  const field = <Holder extends object>(holder: Holder, name: keyof Holder & string): Field => ({
    holder,
    name,
    before: holder[name],
  });
  return [
    ...world.people.map((each) => field(each, "state")),
    ...world.sites.map((each) => field(each, "groups")),
    ...world.sites.flatMap((site) => site.groups.flatMap((each) => [field(each, "members"), field(each, "role")])),
  ];
}
