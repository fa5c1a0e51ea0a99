import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useApi, useChange } from "../../api/query.ts";
import { Button, buttonClass } from "../../parts/button.tsx";
import { useSyncNow } from "../../parts/connections/sync-now.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import { texts } from "./texts.ts";

/** What can be done with a connection where it stands in its life. */
export function Acts({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const [asked, setAsked] = useState<"pause" | "archive" | null>(null);
  const resume = useChange("connections.resume", ["jobs", "sites"]);
  const { id, state } = connection;
  if (state === "archived") return null;
  const params = { connectionId: id };
  return (
    <>
      {state === "published" && may("runs:write") && <SyncNow connection={connection} />}
      {may("connections:write") && (
        <>
          {(state === "draft" || state === "validated") && (
            <Link
              to={"/setup" as string}
              search={{ connection: id } as never}
              className={buttonClass}
              data-kind="primary"
            >
              {t(texts.continue)}
            </Link>
          )}
          {state === "published" && <Button onClick={() => setAsked("pause")}>{t(texts.pause)}</Button>}
          {state === "paused" && (
            <Button
              kind="primary"
              isBusy={resume.isPending}
              onClick={() => resume.mutate({ params }, { onSuccess: () => say(t(texts.resumed)), onError: sayProblem })}
            >
              {t(texts.resume)}
            </Button>
          )}
          <Button onClick={() => setAsked("archive")}>{t(texts.archive)}</Button>
          <PauseDialog connection={connection} isOpen={asked === "pause"} onClose={() => setAsked(null)} />
          <ArchiveDialog connection={connection} isOpen={asked === "archive"} onClose={() => setAsked(null)} />
        </>
      )}
    </>
  );
}

function SyncNow({ connection: { id, name, sites } }: { connection: Connection }): ReactNode {
  const sync = useSyncNow();
  const runs = useApi(
    "runs.list",
    { query: { connectionId: id, state: "queued,running", limit: 1 } },
    { everyMs: 3000 },
  );
  const run = runs.data?.items[0];
  if (run) {
    return (
      <Link to={"/runs/$id" as string} params={{ id: run.id } as never} className={buttonClass}>
        {t(texts.reading)}
      </Link>
    );
  }
  return (
    <Button
      kind="primary"
      isBusy={sync.isPending}
      onClick={() => sync.mutate({ connectionId: id, name, siteIds: sites.map((site) => site.id) })}
    >
      {t(texts.sync)}
    </Button>
  );
}

interface DialogProps {
  connection: Connection;
  isOpen: boolean;
  onClose: () => void;
}

function PauseDialog({ connection: { id, name }, isOpen, onClose }: DialogProps): ReactNode {
  const pause = useChange("connections.pause", ["jobs", "sites"]);
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.pauseTitle, { name })}
      act={t(texts.pauseAct)}
      onConfirm={() => pause.mutateAsync({ params: { connectionId: id } })}
      command={`usher connection pause ${id}`}
    >
      <p>{t(texts.pauseAbout)}</p>
    </Confirm>
  );
}

/** It cannot be undone, so its name is typed first. */
function ArchiveDialog({ connection: { id, name, sites }, isOpen, onClose }: DialogProps): ReactNode {
  const archive = useChange("connections.archive", ["jobs", "sites"]);
  const rows = useApi("connections.list", { query: { q: name, limit: 50 } }, { enabled: isOpen });
  const people = rows.data?.items.find((row) => row.id === id)?.people ?? 0;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.archiveTitle, { name })}
      act={t(texts.archiveAct)}
      isDangerous
      typed={name}
      onConfirm={() => archive.mutateAsync({ params: { connectionId: id } })}
      command={`usher connection archive ${id}`}
    >
      <p>{t(texts.archiveAbout, { people, sites: sites.length })}</p>
    </Confirm>
  );
}
