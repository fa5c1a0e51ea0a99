import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Empty, Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";
import type { Position } from "./words.ts";

/** The newest position, once there is one: it is asked for only then. */
export function LatestPosition({ children }: { children: (position: Position) => ReactNode }): ReactNode {
  const newest = useApi("position.list", { query: { limit: 1 } });
  const positionId = newest.data?.items[0]?.id;
  const position = useApi(
    "position.get",
    { params: { positionId: positionId ?? "latest" } },
    { enabled: positionId !== undefined },
  );
  if (newest.data?.items.length === 0) return <Empty title={t(texts.noPosition)}>{t(texts.noPositionWhat)}</Empty>;
  return (
    <Shown query={newest.error ? { ...newest, data: undefined } : position} rows={5}>
      {children}
    </Shown>
  );
}
