import type { SeatCount } from "../world/seat-count.ts";
import { seatHolders } from "./access.ts";
import type { DataCenter } from "./world.ts";

/** Counted before the first change, for whoever asks later. Oldest first, from the start on. */
export function seatCountsOf(dc: DataCenter): readonly SeatCount[] {
  if (dc.seatCounts.length === 0) dc.seatCounts.push({ at: dc.startedAt, seats: seatHolders(dc).size });
  return dc.seatCounts;
}

/** Does what may change who holds a seat, and counts anew if it changed anything. */
export function countingSeats<Value>(dc: DataCenter, at: number, act: () => Value): Value {
  const before = seatCountsOf(dc).at(-1)?.seats;
  const changesBefore = dc.changeCount;
  const value = act();
  if (dc.changeCount === changesBefore) return value;
  const seats = seatHolders(dc).size;
  if (seats !== before) dc.seatCounts.push({ at, seats });
  return value;
}
