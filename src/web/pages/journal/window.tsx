import type { ReactNode } from "react";
import type { CallInput } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { useUrlState } from "../../shell/url-state.ts";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

/** Which time what is shown covers, and how many entries there are: always printed. */
export function Window({ filters }: { filters: readonly string[] }): ReactNode {
  const { state } = useUrlState();
  const filtered = Object.fromEntries([...filters, "q"].map((id) => [id, state[id]]));
  const query = { ...filtered, sort: "seq", limit: 1, total: true };
  const first = useApi("journal.list", { query } as CallInput<"journal.list">, { everyMs: 30_000 });
  if (!first.data) return null;
  const from = filtered["from"] ?? first.data.items[0]?.at;
  return (
    <span role="status">
      {t(texts.window, {
        from: from === undefined ? t(texts.windowFirst) : formatDay(from),
        until: filtered["until"] === undefined ? t(texts.windowNow) : formatDay(filtered["until"]),
        total: first.data.total ?? 0,
      })}
    </span>
  );
}
