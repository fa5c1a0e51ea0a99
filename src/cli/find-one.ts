import type { ListRoute, RowOf } from "./list-command.ts";
import { EXIT } from "./exit-codes.ts";
import { CliFailure, usageFailure } from "./failure.ts";
import type { Session } from "./session.ts";

/** Enough to tell apart; more matches than this only say that the words are too few. */
const MATCHES_MAX = 10;

/**
 * The id of what is meant: given as such, or found by its name, key or e-mail, with the site's name and a slash before
 * it where sites have the same. Several matches are told instead of guessed, unless exactly one is called just so.
 */
export async function findId<R extends ListRoute>(session: Session, options: FindOptions<R>): Promise<string> {
  const { prefix, given, names, idOf } = options;
  if (given.startsWith(`${prefix}_`)) return given;
  let found = await search(session, options, given);
  const slash = given.indexOf("/");
  if (found.length === 0 && slash > 0) {
    const [site, name] = [given.slice(0, slash).toLowerCase(), given.slice(slash + 1)];
    found = (await search(session, options, name)).filter((row) => String(row.site).toLowerCase() === site);
  }
  const exact = found.filter((row) => names(row).some((name) => name?.toLowerCase() === given.toLowerCase()));
  const [only, ...others] = exact.length > 0 ? exact : found;
  if (only && others.length === 0) return idOf(only);
  if (!only) {
    throw new CliFailure(`No ${prefix} matches "${given}".`, {
      exitCode: EXIT.notFound,
      next: "search for part of the name",
    });
  }
  const choices = [only, ...others].map(
    (row) => `${idOf(row)} (${[row.site, ...names(row)].filter(Boolean).join(", ")})`,
  );
  throw usageFailure(`"${given}" may be several.`, choices.join("\n     "));
}

async function search<R extends ListRoute>(
  session: Session,
  { route, asOf, among }: FindOptions<R>,
  text: string,
): Promise<RowOf<R>[]> {
  const found: RowOf<R>[] = [];
  // Every list that is searched here has the filter `q`; the compiler cannot see it in a route it does not know.
  for await (const row of session.items(route, { query: { q: text, limit: MATCHES_MAX, asOf, ...among } } as never)) {
    found.push(row);
    if (found.length === MATCHES_MAX) break;
  }
  return found;
}

interface FindOptions<R extends ListRoute> {
  route: R;
  /** Of its ids: `person`, `group`. */
  prefix: string;
  given: string;
  /** What was there on that day, where it may be gone by now. */
  asOf?: string;
  /** Further conditions on what is meant. */
  among?: Readonly<Record<string, string>>;
  /** What it may be called by, its name first. */
  names(row: RowOf<R>): (string | null)[];
  idOf(row: RowOf<R>): string;
}
