import type { SiteListing } from "../source.ts";

/** What a part of a run would cost; points are those of the 3LO quota. */
export interface Cost {
  listing: SiteListing;
  requests: number;
  points: number;
}

/** Rows of a listing's first page and of each further one. */
export interface RowsPerPage {
  first: number;
  further: number;
}

/** One listing of so many rows, each of `weight` points. */
export function listing(name: SiteListing, rows: number, perPage: RowsPerPage, weight: number): Cost {
  const requests = pages(rows, perPage);
  return { listing: name, requests, points: requests + rows * weight };
}

/** Many listings of one kind, each at its average length: the largest of them adds its own further pages. */
export function lists(name: SiteListing, count: number, rows: number, perPage: RowsPerPage, weight: number): Cost {
  if (count === 0) return { listing: name, requests: 0, points: 0 };
  const average = rows / count;
  const inFirstPages = count * Math.min(average, perPage.first);
  const requests = count + Math.ceil((rows - inFirstPages) / perPage.further);
  return { listing: name, requests, points: requests + Math.round(rows) * weight };
}

function pages(rows: number, { first, further }: RowsPerPage): number {
  return rows <= first ? 1 : 1 + Math.ceil((rows - first) / further);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
