import type { ReclamationSettings } from "../../model/reclamation.ts";

/** How many seats may be taken unattended now, and which limit says so where none may. */
export function roomFor(
  limits: Pick<ReclamationSettings["limits"], "perRun" | "perRunPercent" | "perDay">,
  known: { seats: number; takenToday: number },
): { room: number; limit: "run" | "day" } {
  const perRun = Math.min(limits.perRun, Math.floor((known.seats * limits.perRunPercent) / 100));
  const perDay = Math.max(0, limits.perDay - known.takenToday);
  return perDay < perRun ? { room: perDay, limit: "day" } : { room: perRun, limit: "run" };
}
