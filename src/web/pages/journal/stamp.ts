export type Zone = "utc" | "local";

/** "2026-11-21 14:12:09": absolute, sortable, the same in every language. */
export function formatStamp(value: string, zone: Zone): string {
  const date = new Date(value);
  if (zone === "utc") return date.toISOString().slice(0, 19).replace("T", " ");
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${parts} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":")}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
