import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { browserOf } from "./browser.ts";
import { texts } from "./texts.ts";

type Row = RowOf<"sessions.list">;

const THROUGH: Readonly<Record<Row["through"], Text>> = {
  password: texts.byPassword,
  sso: texts.bySso,
  link: texts.byLink,
};

/** Where one is signed in now; another browser's session can be ended from here. */
export function Sessions(): ReactNode {
  const end = useChange("sessions.end");
  const [ending, setEnding] = useState<Row | null>(null);

  const columns: readonly Column<Row>[] = [
    { id: "browser", label: texts.browser, width: 220, cell: ({ userAgent }) => browserOf(userAgent) ?? NONE },
    { id: "through", label: texts.through, width: 120, cell: ({ through }) => t(THROUGH[through]) },
    {
      id: "createdAt",
      label: texts.since,
      width: 140,
      sort: "createdAt",
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
    {
      id: "lastUsedAt",
      label: texts.lastUsed,
      width: 140,
      sort: "lastUsedAt",
      cell: ({ lastUsedAt }) => <Time value={lastUsedAt} />,
    },
    { id: "endsAt", label: texts.ends, width: 140, cell: ({ endsAt }) => <Time value={endsAt} /> },
    {
      id: "act",
      label: texts.act,
      width: 140,
      cell: (row) =>
        row.isCurrent ? (
          <Badge kind="ok">{t(texts.thisOne)}</Badge>
        ) : (
          <Button onClick={() => setEnding(row)}>{t(texts.endSession)}</Button>
        ),
    },
  ];

  return (
    <>
      <DataTable
        list="sessions.list"
        label={t(texts.sessions)}
        query={{ state: "active" }}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ userAgent, id }) => browserOf(userAgent) ?? id}
        empty={<Empty title={t(texts.noSessions)} />}
      />
      <Confirm
        isOpen={ending !== null}
        onClose={() => setEnding(null)}
        title={t(texts.endTitle, { browser: browserOf(ending?.userAgent ?? null) ?? "" })}
        act={t(texts.endSession)}
        isDangerous
        onConfirm={() => end.mutateAsync({ params: { sessionId: ending?.id ?? "" } })}
      >
        <p>{t(texts.endMeans)}</p>
      </Confirm>
    </>
  );
}
