import type { Command } from "commander";
import { type z, ZodType } from "zod";
import type { Page } from "../api/client.ts";
import type { AnyRoute } from "../api/contract.ts";
import { PAGE_ROWS_MAX } from "../api/lists.ts";
import type { Cli } from "./cli.ts";
import { findConnection, findSite } from "./connections/find.ts";
import { CliFailure, usageFailure } from "./failure.ts";
import { parseFilters } from "./filters.ts";
import type { Column } from "./output/columns.ts";
import { csvText } from "./output/csv.ts";
import { counted, formatNumber, formatRelative } from "./output/format.ts";
import { layoutOf, printJson, printRows } from "./output/print.ts";
import { connect, type Session } from "./session.ts";

/** Any route made by `defineList`. */
export type ListRoute = AnyRoute & { item: z.ZodObject; sorts: readonly string[]; query: z.ZodObject };

/** A row as it comes over the wire: instants are ISO text. */
export type RowOf<R extends ListRoute> = z.input<R["item"]>;

export interface ListSpec<R extends ListRoute> {
  route: R;
  columns: readonly Column<RowOf<R>>[];
  /** Short names of filters, as people type them. */
  aliases?: Readonly<Record<string, string>>;
  /** Options of the command's own that are filters: `--group` for `missingFrom`. */
  flags?: Readonly<Record<string, string>>;
  /** Conditions that hold unless others are given. */
  defaults?: Readonly<Record<string, string>>;
  /** In place of the API's own order where that is not what people look for first. */
  sort?: string;
  /** Said on standard error where there is no row at all. */
  empty: string;
}

interface ListOptions {
  filter?: string[];
  sort?: string;
  limit?: string;
  all?: boolean;
  asOf?: string;
}

/** Filters that came as options of their own. */
interface WithFlags {
  flags: readonly [filter: string, value: string][];
}

/** What every list's query has beside its filters. */
const PAGING = ["limit", "cursor", "at", "sort", "total", "format", "fields", "asOf"];

export const AS_OF_HELP = "how it was at the end of that day in UTC, such as 2026-05-03, or at an instant";

/** What the query of a list that has a history calls the day. */
const AS_OF = "asOf";

/** Rows shown when nothing was said: a screen or two. */
const ROWS = 50;
const ROWS_MAX = 1_000_000;

/**
 * Gives a command the options of every list. `params` finds what the path needs, from the command's own arguments and
 * among what was there on the day that is asked for.
 */
export function addList<R extends ListRoute>(
  command: Command,
  cli: Cli,
  spec: ListSpec<R>,
  params: (
    session: Session,
    args: readonly string[],
    asOf?: string,
  ) => Promise<Record<string, string>> = async () => ({}),
): Command {
  const filters = filterNames(spec.route);
  for (const [flag, filter] of Object.entries(spec.flags ?? {})) {
    command.option(`--${flag} <value>`, schemaText(spec.route, filter));
  }
  const filterHelp = filters.length > 0 ? `conditions on ${filters.join(", ")}` : "this list has no filters";
  if (AS_OF in spec.route.query.shape) command.option("--as-of <day>", AS_OF_HELP);
  return command
    .option("--filter <conditions...>", filterHelp)
    .option("--sort <field>", `${spec.route.sorts.join(", ")}; a minus before it descends`)
    .option("--limit <rows>", `rows to show (${ROWS})`)
    .option("--all", "every row")
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const session = await connect(cli);
      const options = self.opts<ListOptions & Record<string, string>>();
      const flags = Object.entries(spec.flags ?? {}).flatMap(([flag, filter]): [string, string][] =>
        options[flag] === undefined ? [] : [[filter, options[flag]]],
      );
      await runList(cli, session, spec, await params(session, self.args, options.asOf), { ...options, flags });
    });
}

async function runList<R extends ListRoute>(
  cli: Cli,
  session: Session,
  spec: ListSpec<R>,
  params: Record<string, string>,
  options: ListOptions & WithFlags,
): Promise<void> {
  const rowsMax = options.all ? ROWS_MAX : rowsAsked(options.limit);
  const filters = parseFilters(options.filter ?? [], filterNames(spec.route), aliasesOf(spec));
  for (const [name, value] of options.flags) {
    if (Object.hasOwn(filters, name)) throw usageFailure(`The filter "${name}" is given twice.`);
    filters[name] = value;
  }
  const query = await withIds(session, { ...spec.defaults, ...filters });
  const sort = options.sort ?? spec.sort;
  if (sort) query.sort = sort;
  if (options.asOf !== undefined) query[AS_OF] = options.asOf;
  const layout = layoutOf(cli);
  const gathered: RowOf<R>[] = [];
  const columns = Object.keys(spec.route.item.shape);
  let shown = 0;
  let first: Page<RowOf<R>> | null = null;
  let cursor: string | null = null;
  do {
    const limit = String(Math.min(PAGE_ROWS_MAX, rowsMax - shown));
    const input = { params, query: { ...query, limit, ...(cursor === null ? { total: "true" } : { cursor }) } };
    // The schema of the route made it; the compiler cannot see that every list's answer is a page.
    const page = (await session.call(spec.route, input as never)) as Page<RowOf<R>>;
    if (layout === "table" || layout === "json") gathered.push(...page.items);
    else if (layout === "csv") cli.stdout.write(csvText(page.items as object[], columns, first === null));
    else printRows(cli, spec.columns, page.items);
    first ??= page;
    shown += page.items.length;
    cursor = page.next;
  } while (cursor !== null && shown < rowsMax);
  if (options.all && cursor !== null) {
    throw new CliFailure(`The list has more than ${formatNumber(ROWS_MAX)} rows; these are the first.`, {
      next: "narrow it with --filter",
    });
  }

  if (layout === "json") printJson(cli, { ...first, items: gathered, next: cursor });
  if (layout === "table") printRows(cli, spec.columns, gathered);
  tellCount(cli, spec.empty, shown, first);
  tellNotKnown(cli, first);
  if (layout !== "table" && cursor !== null && options.limit === undefined) tellMore(cli, shown, first?.total ?? null);
}

/** A file of the first rows must not be taken for the whole list by somebody who asked for no limit. */
function tellMore({ stderr }: Cli, shown: number, total: number | null): void {
  const all = total === null ? "of more" : `of ${formatNumber(total)} rows`;
  stderr.write(`${stderr.colors.warn("!")} The first ${formatNumber(shown)} ${all}; --all gives every one.\n`);
}

/** A list of an earlier day that leaves out a whole site must not be taken for all of them. */
function tellNotKnown({ stderr }: Cli, { notKnown = [] }: Page<unknown>): void {
  for (const { site, since } of notKnown) {
    const when = since === null ? "so far" : `before ${since}`;
    stderr.write(`${stderr.colors.warn("!")} ${site} is left out: nothing was known of it ${when}.\n`);
  }
}

/** How much of what was shown, and how old it is; only for somebody at a terminal. */
function tellCount(cli: Cli, empty: string, shown: number, { total, dataAsOf, asOf }: Page<unknown>): void {
  const { stderr } = cli;
  if (!stderr.isTty || layoutOf(cli) !== "table") return;
  if (shown === 0) return stderr.write(`${empty}\n`);
  const isAll = total === null || shown >= total;
  const parts = [isAll ? counted(shown, "row") : `${formatNumber(shown)} of ${formatNumber(total)}`];
  if (asOf) parts.push(`as of ${asOf}`);
  if (dataAsOf) parts.push(`data as of ${formatRelative(new Date(dataAsOf), cli.clock.now())}`);
  if (!isAll) parts.push("--all shows every one");
  stderr.write(`${stderr.colors.muted(parts.join(" · "))}\n`);
}

/** `site=acme` is what people type for `siteId=site_…`. */
function aliasesOf({ route, aliases }: ListSpec<ListRoute>): Record<string, string> {
  const ids = filterNames(route).filter((name) => name.endsWith("Id"));
  return { ...Object.fromEntries(ids.map((name) => [name.slice(0, -2), name])), ...aliases };
}

/** Sites and connections may be filtered by name: people know those, not the ids. */
async function withIds(session: Session, query: Record<string, string>): Promise<Record<string, string>> {
  const { siteId, connectionId } = query;
  const ids: Record<string, string> = {};
  if (siteId && !siteId.startsWith("site_")) ids.siteId = (await findSite(session, siteId)).id;
  if (connectionId && !connectionId.startsWith("connection_"))
    ids.connectionId = (await findConnection(session, connectionId)).id;
  return { ...query, ...ids };
}

/** What the API says of a condition. */
function schemaText({ query }: ListRoute, name: string): string {
  const field: unknown = query.shape[name];
  return field instanceof ZodType ? (field.meta()?.description ?? name) : name;
}

export function filterNames({ query }: ListRoute): string[] {
  return Object.keys(query.shape).filter((name) => !PAGING.includes(name));
}

function rowsAsked(limit: string | undefined): number {
  if (limit === undefined) return ROWS;
  const rows = Number(limit);
  if (Number.isSafeInteger(rows) && rows >= 1 && rows <= ROWS_MAX) return rows;
  throw usageFailure(
    `--limit ${limit} is not a number of rows.`,
    `It is a whole number from 1 to ${ROWS_MAX}; --all shows every row.`,
  );
}
