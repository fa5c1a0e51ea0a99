import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextArea } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner, Empty } from "../../parts/states.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatList, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { listingLabel } from "./kinds.ts";
import { texts } from "./texts.ts";
import type { RunDetail } from "./use-followed-run.ts";

type Row = RowOf<"runs.held-difference">;

const VERDICTS = { gone: texts.heldGone, "not-visible": texts.heldNotVisible, missing: texts.heldMissing };

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "what",
    label: texts.heldWhat,
    width: 220,
    sort: "subjectName",
    cell: ({ subjectName, subjectId }) => subjectName ?? subjectId,
  },
  { id: "kind", label: texts.kind, width: 160, sort: "kind", cell: ({ kind }) => listingLabel(kind) },
  { id: "from", label: texts.heldFrom, width: 180, cell: ({ missingFromName }) => missingFromName ?? NONE },
  { id: "detail", label: texts.heldDetail, width: 200, cell: ({ detail }) => detail ?? NONE },
  { id: "verdict", label: texts.heldVerdict, width: 160, cell: ({ verdict }) => t(VERDICTS[verdict]) },
  {
    id: "since",
    label: texts.heldSince,
    width: 120,
    sort: "missingSince",
    cell: ({ missingSince }) => <Time value={missingSince} />,
  },
];

/** What the safeguard holds back, and the decision about it. */
export function Held({ run }: { run: RunDetail }): ReactNode {
  const may = useMay()("runs:write");
  const kinds = Object.entries(run.held?.kinds ?? {});
  const what = formatList(
    kinds.map(([kind, { gone, known }]) => t(texts.heldKind, { gone, known, kind: listingLabel(kind) })),
  );
  if (run.heldDecision === "accepted") return <Banner kind="info">{t(texts.heldAccepted)}</Banner>;
  return (
    <>
      <Banner
        kind="warn"
        action={may && <Decide run={run} gone={kinds.reduce((sum, [, { gone }]) => sum + gone, 0)} />}
      >
        {t(texts.held, { what })}
      </Banner>
      <Section title={texts.heldTitle}>
        <DataTable
          list="runs.held-difference"
          label={t(texts.heldTable)}
          isEmbedded
          params={{ runId: run.id }}
          columns={COLUMNS}
          rowId={({ kind, subjectId, missingFromId, detail }) => [kind, subjectId, missingFromId, detail].join("/")}
          rowName={({ subjectName, subjectId }) => subjectName ?? subjectId}
          empty={<Empty title={t(texts.heldEmpty)} />}
        />
      </Section>
    </>
  );
}

/** Where more lose something, the number is typed. */
const TYPED_FROM = 10;

function Decide({ run, gone }: { run: RunDetail; gone: number }): ReactNode {
  const [asking, setAsking] = useState<"accept" | "discard" | null>(null);
  const navigate = useNavigate();
  const accept = useChange("runs.accept", ["job-results", "seats", "people"]);
  const discard = useChange("runs.discard", ["job-results"]);
  const params = { runId: run.id };

  async function acceptHeld(): Promise<void> {
    const next = await accept.mutateAsync({ params });
    say(t(texts.accepted));
    await navigate({ to: "/runs/$id" as string, params: { id: next.id } as never });
  }

  async function discardHeld(form: FormData): Promise<void> {
    await discard.mutateAsync({ params, body: { reason: String(form.get("reason")).trim() } });
    say(t(texts.discarded));
  }

  return (
    <>
      <Button onClick={() => setAsking("discard")}>{t(texts.discard)}</Button>
      <Button onClick={() => setAsking("accept")}>{t(texts.accept)}</Button>
      <Confirm
        isOpen={asking === "accept"}
        onClose={() => setAsking(null)}
        title={t(texts.acceptTitle, { gone })}
        act={t(texts.acceptAct, { gone })}
        isDangerous
        onConfirm={acceptHeld}
        command={`usher run accept ${run.id}`}
        {...(gone > TYPED_FROM ? { typed: String(gone) } : {})}
      >
        {t(texts.acceptBody)}
      </Confirm>
      <FormDialog
        isOpen={asking === "discard"}
        onClose={() => setAsking(null)}
        title={t(texts.discardTitle)}
        act={t(texts.discardAct)}
        onSubmit={discardHeld}
      >
        <TextArea name="reason" label={t(texts.discardReason)} hint={t(texts.discardHint)} />
      </FormDialog>
    </>
  );
}
