import type { RowOf } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

export type Entry = RowOf<"journal.list">;

/** Doors other than these pages, which need not be said. */
const DOORS: Readonly<Record<string, Text>> = {
  api: texts.doorApi,
  cli: texts.doorCli,
  job: texts.doorJob,
  setup: texts.doorSetup,
  link: texts.doorLink,
};

export function nameOfActor({ actorId, actorName, through }: Pick<Entry, "actorId" | "actorName" | "through">): string {
  if (actorName) return actorName;
  if (actorId === "system") return t(texts.system);
  return through === "link" ? t(texts.byLink) : actorId;
}

/** Who, and through what where that was not these pages: "Rosa Costa, command line". */
export function whoOf(entry: Pick<Entry, "actorId" | "actorName" | "through">): string {
  const door = DOORS[entry.through];
  const name = nameOfActor(entry);
  return door ? t(texts.through, { name, door: t(door) }) : name;
}
