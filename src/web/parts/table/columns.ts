import { useSyncExternalStore } from "react";
import type { Column } from "./table-types.ts";

/** What a reader made of a table's columns in this browser; widths in pixels. */
export interface ColumnChoice {
  /** Ids in the reader's order; columns it does not name keep their place behind the one before them. */
  order: readonly string[];
  shown: Readonly<Record<string, boolean>>;
  widths: Readonly<Record<string, number>>;
}

export const WIDTH_MIN = 64;
export const WIDTH_MAX = 800;
/** One press of a button or an arrow key. */
export const WIDTH_STEP = 16;

const FIRST: ColumnChoice = { order: [], shown: {}, widths: {} };

interface Ordered {
  id: string;
  isHiddenFirst?: boolean;
}

/** All columns in the reader's order. The first stays first, because it names the row. */
export function orderColumns<C extends Ordered>(columns: readonly C[], { order }: ColumnChoice): C[] {
  const byId = new Map(columns.map((each) => [each.id, each]));
  const ordered = order.flatMap((id) => byId.get(id) ?? []);
  columns.forEach((column, index) => {
    if (ordered.includes(column)) return;
    // A column that is newer than the choice stands where the page puts it.
    const before = index === 0 ? -1 : ordered.indexOf(columns[index - 1] as C);
    ordered.splice(before + 1, 0, column);
  });
  const first = columns[0];
  return first ? [first, ...ordered.filter((each) => each !== first)] : [];
}

export function isShown(column: Ordered, { shown }: ColumnChoice): boolean {
  return shown[column.id] ?? !column.isHiddenFirst;
}

/** The columns to draw, each as wide as its reader wants. The first is always among them. */
export function shownColumns<Row>(columns: readonly Column<Row>[], choice: ColumnChoice): Column<Row>[] {
  return orderColumns(columns, choice)
    .filter((column, index) => index === 0 || isShown(column, choice))
    .map((column) => ({ ...column, width: choice.widths[column.id] ?? column.width }));
}

/** `ids` in order is what is shown: how an address or a saved view names columns. */
export function choiceOf(columns: readonly Ordered[], ids: readonly string[], choice: ColumnChoice): ColumnChoice {
  return {
    ...choice,
    order: [...ids, ...columns.map(({ id }) => id).filter((id) => !ids.includes(id))],
    shown: Object.fromEntries(columns.map(({ id }) => [id, ids.includes(id)])),
  };
}

/** The column one place nearer the start or the end; the first column and its place are taken. */
export function moveColumn(columns: readonly Ordered[], choice: ColumnChoice, id: string, by: -1 | 1): ColumnChoice {
  const ids = orderColumns(columns, choice).map((each) => each.id);
  return placeColumn(columns, choice, id, ids.indexOf(id) + by);
}

/** The column at that place; places begin at 1, behind the column that names the row. */
export function placeColumn(columns: readonly Ordered[], choice: ColumnChoice, id: string, at: number): ColumnChoice {
  const ids = orderColumns(columns, choice).map((each) => each.id);
  if (at < 1 || at >= ids.length || ids[0] === id) return choice;
  const others = ids.filter((each) => each !== id);
  return { ...choice, order: [...others.slice(0, at), id, ...others.slice(at)] };
}

export function sizeColumn(choice: ColumnChoice, id: string, width: number): ColumnChoice {
  const within = Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)));
  return { ...choice, widths: { ...choice.widths, [id]: within } };
}

export function isChanged(choice: ColumnChoice): boolean {
  return choice !== FIRST;
}

const KEY = "usher.columns.";
const choices = new Map<string, ColumnChoice>();
const listeners = new Set<() => void>();

/** The reader's choice for the table `name`; `null` goes back to the page's own columns. */
export function useColumnChoice(name: string): [ColumnChoice, (choice: ColumnChoice | null) => void] {
  const choice = useSyncExternalStore(subscribe, () => kept(name));
  return [choice, (changed) => keep(name, changed)];
}

function kept(name: string): ColumnChoice {
  let choice = choices.get(name);
  if (!choice) {
    choice = read(name);
    choices.set(name, choice);
  }
  return choice;
}

function read(name: string): ColumnChoice {
  try {
    const text = localStorage.getItem(KEY + name);
    if (text === null) return FIRST;
    const { order, shown, widths } = JSON.parse(text) as Partial<ColumnChoice>;
    return { order: Array.isArray(order) ? order : [], shown: shown ?? {}, widths: widths ?? {} };
  } catch {
    // Not what we wrote: the page's own columns serve.
    return FIRST;
  }
}

function keep(name: string, choice: ColumnChoice | null): void {
  choices.set(name, choice ?? FIRST);
  if (choice === null) localStorage.removeItem(KEY + name);
  else localStorage.setItem(KEY + name, JSON.stringify(choice));
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
