import type { LogLine } from "./use-followed-run.ts";

/** The line tells of a step: it names the kind, or a listing of it such as `memberships/group_1`. */
export function isOfStep({ event, data }: Pick<LogLine, "event" | "data">, kind: string): boolean {
  if (data["kind"] === kind) return true;
  const key = data["key"];
  if (typeof key === "string" && (key === kind || key.startsWith(`${kind}/`))) return true;
  const kinds = data["kinds"];
  return event !== "progress" && typeof kinds === "object" && kinds !== null && kind in kinds;
}

export function matching({ message, event }: Pick<LogLine, "message" | "event">, q: string): boolean {
  const wanted = q.toLowerCase();
  return message.toLowerCase().includes(wanted) || event.toLowerCase().includes(wanted);
}

/** "14:04:52.007", the reader's time. */
export function stampOf(value: string): string {
  const date = new Date(value);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return `${parts.join(":")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
