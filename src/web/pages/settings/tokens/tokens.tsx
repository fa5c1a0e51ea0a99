import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Badge } from "../../../parts/badge.tsx";
import { Button } from "../../../parts/button.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { ShownOnce } from "../../../parts/shown-once.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { Column, Filter } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { MakeToken } from "./make-token.tsx";
import { texts } from "./texts.ts";

type Row = RowOf<"tokens.list">;

const STATES = [
  { value: "active", label: t(texts.active) },
  { value: "expired", label: t(texts.expired) },
  { value: "revoked", label: t(texts.revoked) },
];
const FILTERS: readonly Filter[] = [{ id: "state", label: texts.state, kind: "choices", choices: STATES }];

/** API tokens, of one operator or all that one may see; a new one is shown once. */
export function Tokens({ ownerId }: { ownerId: string | null }): ReactNode {
  const may = useMay();
  const revoke = useChange("tokens.revoke");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Row | null>(null);

  const columns: readonly Column<Row>[] = [
    { id: "name", label: texts.name, width: 150, sort: "name", cell: ({ name }) => name },
    { id: "operatorName", label: texts.whose, width: 116, cell: ({ operatorName }) => operatorName },
    { id: "scopes", label: texts.scopes, width: 138, cell: ({ scopes }) => scopesInWords(scopes) },
    {
      id: "createdAt",
      label: texts.made,
      width: 96,
      sort: "createdAt",
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
    {
      id: "lastUsedAt",
      label: texts.lastUsed,
      width: 96,
      sort: "lastUsedAt",
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? t(texts.neverUsed) : <Time value={lastUsedAt} />),
    },
    {
      id: "expiresAt",
      label: texts.expires,
      width: 100,
      cell: ({ expiresAt }) => (expiresAt === null ? t(texts.neverExpires) : <Time value={expiresAt} as="day" />),
    },
    {
      id: "act",
      label: texts.act,
      width: 96,
      cell: (row) => {
        if (row.revokedAt !== null) return <Badge kind="neutral">{t(texts.revoked)}</Badge>;
        return may("tokens:write") ? (
          <Button aria-label={t(texts.revokeToken, { name: row.name })} onClick={() => setRevoking(row)}>
            {t(texts.revoke)}
          </Button>
        ) : (
          <Badge kind="ok">{t(texts.active)}</Badge>
        );
      },
    },
  ];

  return (
    <>
      {may("tokens:write") && (
        <div className={classes["row"]}>
          <Button kind="primary" onClick={() => setMaking(true)}>
            {t(texts.make)}
          </Button>
        </div>
      )}
      <DataTable
        list="tokens.list"
        label={t(texts.tokens)}
        query={ownerId === null ? {} : { operatorId: ownerId }}
        columns={columns}
        filters={FILTERS}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        empty={<Empty title={t(texts.none)}>{t(texts.noneAbout)}</Empty>}
      />
      <MakeToken isOpen={isMaking} isOwn={ownerId !== null} onClose={() => setMaking(false)} onMade={setMade} />
      <ShownOnce title={t(texts.madeTitle)} secret={made} onClose={() => setMade(null)}>
        <p>{t(texts.madeAbout)}</p>
      </ShownOnce>
      <Confirm
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t(texts.revokeTitle, { name: revoking?.name ?? "" })}
        act={t(texts.revoke)}
        isDangerous
        command={`usher token revoke ${revoking?.id ?? ""}`}
        onConfirm={() => revoke.mutateAsync({ params: { tokenId: revoking?.id ?? "" } })}
      >
        <p>{t(texts.revokeMeans)}</p>
      </Confirm>
    </>
  );
}

function scopesInWords(scopes: readonly string[]): string {
  return scopes.includes("*") ? t(texts.everything) : scopes.join(", ");
}
