import { type Condition, CqlError, cqlInstant, type Query } from "../api/cql.ts";
import { contentItem, type ContentItem, contentNumber, itemsChangedSince } from "../world/content.ts";
import { visibleSpaces } from "./access.ts";
import type { DataCenterUser } from "./people.ts";
import type { DataCenterSpace } from "./spaces.ts";
import { type DataCenter, kept } from "./world.ts";

/** What a query finds: seeded items as numbers, changed ones as they are. */
export type Match = number | ContentItem;

const ANSWERS_MAX = 8;
/** Kept until the instance changes, so that a query of many pages is answered once and then cut. */
const answers = kept(() => new Map<string, Match[]>());

export const spacesByNumber = kept((dc) => new Map(dc.spaces.map((each) => [each.number, each])));

/** Newest first unless asked otherwise, as far as the reader sees the space. */
export function matches(dc: DataCenter, reader: DataCenterUser, query: Query, cql: string, now: number): Match[] {
  const known = answers(dc);
  // Instants relative to now move: such an answer is good for a minute.
  const minute = cql.includes("now(") ? Math.floor(now / 60_000) : "";
  const key = `${reader.index} ${minute} ${cql}`;
  const found = known.get(key) ?? findMatches(dc, reader, query, now);
  const [oldest] = known.keys();
  if (known.size >= ANSWERS_MAX && oldest !== undefined) known.delete(oldest);
  known.set(key, found);
  return found;
}

function findMatches(dc: DataCenter, reader: DataCenterUser, { condition, order }: Query, now: number): Match[] {
  const visible = new Map(visibleSpaces(dc, reader).map((each) => [each.number, each]));
  const holds = (item: ContentItem) => {
    const space = visible.get(item.spaceNumber);
    return space !== undefined && holdsFor(condition, { dc, item, space, now });
  };
  const found: Match[] = [...dc.contentChanges.values()]
    .filter(holds)
    .sort((one, other) => other.changedAt - one.changedAt);
  const hidden = new Set([...dc.contentChanges.keys()].map((id) => contentNumber(dc, id)));
  const last = itemsChangedSince(dc, earliest(condition, now));
  for (let number = 0; number < last; number++)
    if (!hidden.has(number) && holds(contentItem(dc, number))) found.push(number);
  const [first] = order;
  if (first && first.field !== "lastmodified") throw new CqlError(`cannot order by '${first.field}'`);
  return first && !first.descending ? found.reverse() : found;
}

/** No item that holds was changed before this. */
function earliest(condition: Condition, now: number): number {
  if (condition.kind === "and") return Math.max(...condition.parts.map((each) => earliest(each, now)));
  if (condition.kind === "or") return Math.min(...condition.parts.map((each) => earliest(each, now)));
  if (condition.kind === "not" || !condition.operator.startsWith(">")) return 0;
  return ["lastmodified", "created"].includes(condition.field) ? cqlInstant(condition.values[0] ?? "", now) : 0;
}

interface Question {
  dc: DataCenter;
  item: ContentItem;
  space: DataCenterSpace;
  now: number;
}

function holdsFor(condition: Condition, question: Question): boolean {
  if (condition.kind === "and") return condition.parts.every((each) => holdsFor(each, question));
  if (condition.kind === "or") return condition.parts.some((each) => holdsFor(each, question));
  if (condition.kind === "not") return !holdsFor(condition.part, question);
  const { field, operator, values } = condition;
  const { dc, item, space, now } = question;
  const isNegative = operator === "!=" || operator === "not in";
  const isOneOf = (actual: readonly string[]) => actual.some((each) => values.includes(each)) !== isNegative;
  // Both names of a user are understood (FACTS §10).
  const names = (...indexes: number[]) =>
    indexes.flatMap((each) => [dc.users[each]?.username ?? "", dc.users[each]?.userKey ?? ""]);
  switch (field) {
    case "type":
      return isOneOf([item.type]);
    case "id":
    case "content":
      return isOneOf([item.id]);
    case "space":
    case "space.key":
      return isOneOf([space.key]);
    case "creator":
      return isOneOf(names(item.creator));
    case "contributor":
      return isOneOf(names(item.creator, item.editor));
    case "lastmodified":
      return compare(item.changedAt, operator, values, now);
    case "created":
      return compare(item.createdAt, operator, values, now);
    default:
      throw new CqlError(`unknown field '${field}'`);
  }
}

function compare(actual: number, operator: string, values: readonly string[], now: number): boolean {
  const wanted = cqlInstant(values[0] ?? "", now);
  if (operator === ">=") return actual >= wanted;
  if (operator === ">") return actual > wanted;
  if (operator === "<=") return actual <= wanted;
  if (operator === "<") return actual < wanted;
  throw new CqlError(`'${operator}' does not compare instants`);
}
