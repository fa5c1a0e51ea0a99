import { type ReactNode, useEffect, useState } from "react";
import { formatDateTime, formatDay, formatExact, formatRelative, NONE } from "../text/format.ts";

const TICK_MS = 30_000;

/** "4 min ago" to seven days, then the day; local and UTC on hover. `absolute` for journal and logs. */
export function Time({
  value,
  as = "relative",
}: {
  value: string | null | undefined;
  as?: "relative" | "absolute" | "day";
}): ReactNode {
  const now = useNow(as === "relative");
  if (!value) return NONE;
  const words =
    as === "relative" ? formatRelative(value, now) : as === "day" ? formatDay(value) : formatDateTime(value);
  return (
    <time dateTime={value} title={formatExact(value)}>
      {words}
    </time>
  );
}

export function useNow(isTicking = true): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
