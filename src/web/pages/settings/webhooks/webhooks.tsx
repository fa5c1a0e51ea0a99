import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { Badge } from "../../../parts/badge.tsx";
import { Button } from "../../../parts/button.tsx";
import { ShownOnce } from "../../../parts/shown-once.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { Column } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { useUrlState } from "../../../shell/url-state.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { WebhookDialog } from "./webhook-dialog.tsx";
import { WebhookPanel } from "./webhook-panel.tsx";
import { texts } from "./texts.ts";

type Row = RowOf<"webhooks.list">;

const COLUMNS: readonly Column<Row>[] = [
  { id: "name", label: texts.name, width: 180, sort: "name", cell: ({ name }) => name },
  { id: "url", label: texts.url, width: 260, cell: ({ url }) => url },
  { id: "events", label: texts.events, width: 220, cell: ({ events }) => events.join(", ") },
  {
    id: "state",
    label: texts.state,
    width: 140,
    cell: ({ state, failingSince }) => {
      if (state === "disabled") return <Badge kind="neutral">{t(texts.disabled)}</Badge>;
      if (failingSince === null) return <Badge kind="ok">{t(texts.active)}</Badge>;
      return (
        <>
          <Badge kind="danger">{t(texts.failing)}</Badge> <Time value={failingSince} />
        </>
      );
    },
  },
];

/** Other systems that are told of events, what they were told, and what they answered. */
export function Webhooks(): ReactNode {
  const may = useMay();
  const { state, change } = useUrlState();
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <p className={classes["text"]}>{t(texts.about)}</p>
      {may("notifications:write") && (
        <div className={classes["row"]}>
          <Button kind="primary" onClick={() => setMaking(true)}>
            {t(texts.make)}
          </Button>
        </div>
      )}
      <DataTable
        list="webhooks.list"
        label={t(texts.webhooks)}
        columns={[
          ...COLUMNS,
          {
            id: "act",
            label: texts.act,
            width: 100,
            cell: ({ id, name }) => (
              <Button aria-label={t(texts.openWebhook, { name })} onClick={() => change({ webhook: id })}>
                {t(texts.open)}
              </Button>
            ),
          },
        ]}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        empty={<Empty title={t(texts.none)}>{t(texts.noneAbout)}</Empty>}
      />
      <WebhookPanel
        webhookId={state["webhook"] ?? null}
        onClose={() => change({ webhook: null })}
        onSecret={setSecret}
      />
      <WebhookDialog isOpen={isMaking} webhook={null} onClose={() => setMaking(false)} onSecret={setSecret} />
      <ShownOnce title={t(texts.secretTitle)} secret={secret} onClose={() => setSecret(null)}>
        <p>{t(texts.secretAbout)}</p>
      </ShownOnce>
    </>
  );
}
