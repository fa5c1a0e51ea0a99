import { contentItem, type ContentItem, contentNumber, itemsChangedSince } from "../world/content.ts";
import { visibleSpaces } from "../world/visibility.ts";
import { type SiteWorld, spaceOfNumber } from "../world/world.ts";
import { type Condition, CqlError, cqlInstant, type Query } from "./cql.ts";

/** Seeded items as numbers, changed ones as they are. */
export type Match = number | ContentItem;

/** Kept until the site changes, so that a query of 300 pages is answered once and then cut. */
const answers = new WeakMap<SiteWorld, { version: number; byQuery: Map<string, Match[]> }>();
const ANSWERS_MAX = 8;

/** What a query finds, in its order, as far as the account may see it. */
export function matches(site: SiteWorld, reader: number, query: Query, cql: string, now: number): Match[] {
  let kept = answers.get(site);
  if (kept?.version !== site.version) {
    kept = { version: site.version, byQuery: new Map() };
    answers.set(site, kept);
  }
  // What a query finds moves with the clock only where it asks for it; instants of CQL are minutes.
  const minute = cql.includes("now(") ? Math.floor(now / 60_000) : 0;
  const key = `${reader} ${minute} ${cql}`;
  const known = kept.byQuery.get(key);
  if (known) return known;
  const found = findMatches(site, reader, query, now);
  const [oldest] = kept.byQuery.keys();
  if (kept.byQuery.size >= ANSWERS_MAX && oldest !== undefined) kept.byQuery.delete(oldest);
  kept.byQuery.set(key, found);
  return found;
}

function findMatches(site: SiteWorld, reader: number, { condition, order }: Query, now: number): Match[] {
  const visible = new Set(visibleSpaces(site, reader).map((each) => each.number));
  const holds = (item: ContentItem) => visible.has(item.spaceNumber) && holdsForContent(condition, item, site, now);
  const found: Match[] = [...site.contentChanges.values()]
    .filter(holds)
    .sort((one, other) => other.changedAt - one.changedAt);
  const hidden = new Set([...site.contentChanges.keys()].map((id) => contentNumber(site, id)));
  const last = itemsChangedSince(site, earliest(condition, now));
  for (let number = 0; number < last; number++) {
    if (hidden.has(number)) continue;
    const item = contentItem(site, number);
    if (holds(item)) found.push(number);
  }
  return inOrder(site, found, order);
}

/** The newest first unless asked otherwise; among changed items that is how they were found. */
function inOrder(site: SiteWorld, found: Match[], order: Query["order"]): Match[] {
  const [first] = order;
  if (!first || (first.field === "lastmodified" && first.descending)) return found;
  if (first.field === "lastmodified") return found.reverse();
  if (first.field !== "created") throw new CqlError(`cannot order by '${first.field}'`);
  const instants = new Map(
    found.map((each) => [each, typeof each === "number" ? contentItem(site, each).createdAt : each.createdAt]),
  );
  const sign = first.descending ? -1 : 1;
  return found.sort((one, other) => sign * ((instants.get(one) ?? 0) - (instants.get(other) ?? 0)));
}

/** No item that holds was changed before this. */
function earliest(condition: Condition, now: number): number {
  if (condition.kind === "and") return Math.max(...condition.parts.map((each) => earliest(each, now)));
  if (condition.kind === "or") return Math.min(...condition.parts.map((each) => earliest(each, now)));
  if (condition.kind === "not" || !condition.operator.startsWith(">")) return 0;
  const isInstant = condition.field === "lastmodified" || condition.field === "created";
  return isInstant ? cqlInstant(condition.values[0] ?? "", now) : 0;
}

function holdsForContent(condition: Condition, item: ContentItem, site: SiteWorld, now: number): boolean {
  if (condition.kind === "and") return condition.parts.every((each) => holdsForContent(each, item, site, now));
  if (condition.kind === "or") return condition.parts.some((each) => holdsForContent(each, item, site, now));
  if (condition.kind === "not") return !holdsForContent(condition.part, item, site, now);
  const { field, operator, values } = condition;
  const isOneOf = (actual: readonly string[]) =>
    actual.some((each) => values.includes(each)) !== (operator === "!=" || operator === "not in");
  const id = (account: number) => site.people[account]?.id ?? "";
  switch (field) {
    case "type":
      return isOneOf([item.type]);
    case "id":
    case "content":
      return isOneOf([item.id]);
    case "space":
    case "space.key":
      return isOneOf([spaceOfNumber(site, item.spaceNumber)?.key ?? ""]);
    case "creator":
      return isOneOf([id(item.creator)]);
    case "contributor":
      return isOneOf([id(item.creator), id(item.editor)]);
    case "lastmodified":
      return compareInstants(item.changedAt, operator, values, now);
    case "created":
      return compareInstants(item.createdAt, operator, values, now);
    default:
      throw new CqlError(`unknown field '${field}'`);
  }
}

function compareInstants(actual: number, operator: string, values: string[], now: number): boolean {
  const wanted = cqlInstant(values[0] ?? "", now);
  if (operator === ">=") return actual >= wanted;
  if (operator === ">") return actual > wanted;
  if (operator === "<=") return actual <= wanted;
  if (operator === "<") return actual < wanted;
  throw new CqlError(`'${operator}' does not compare instants`);
}
