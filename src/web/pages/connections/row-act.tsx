import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "../../parts/button.tsx";
import { useSyncNow } from "../../parts/connections/sync-now.ts";
import type { ConnectionRow } from "../../parts/connections/words.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

/** The next thing of a connection: read it now, see it being read, or go on setting it up. */
export function RowAct({ row }: { row: ConnectionRow }): ReactNode {
  const may = useMay();
  const sync = useSyncNow();
  const runId = row.sites.find((site) => site.runId !== null)?.runId;
  if (runId) {
    return (
      <Link to={"/runs/$id" as string} params={{ id: runId } as never}>
        {t(texts.syncing)}
      </Link>
    );
  }
  if ((row.state === "draft" || row.state === "validated") && may("connections:write")) {
    return (
      <Link
        to={"/setup" as string}
        search={{ connection: row.id } as never}
        aria-label={t(texts.continueOf, { name: row.name })}
      >
        {t(texts.continue)}
      </Link>
    );
  }
  if (row.state !== "published" || row.sites.length === 0 || !may("runs:write")) return null;
  return (
    <Button
      aria-label={t(texts.syncOf, { name: row.name })}
      isBusy={sync.isPending}
      onClick={() => sync.mutate({ connectionId: row.id, name: row.name, siteIds: row.sites.map(({ id }) => id) })}
    >
      {t(texts.sync)}
    </Button>
  );
}
