import { type ReactNode, useState } from "react";
import { Button } from "../../parts/button.tsx";
import type { Selection } from "../../parts/table/table-types.ts";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./act-texts.ts";
import { ExcludeDialog } from "./exclude-dialog.tsx";
import type { PersonRow } from "./labels.ts";
import { ProposeDialog } from "./propose-dialog.tsx";

/** Whether whoever looks may do anything with people they select. */
export function useMayAct(): boolean {
  const may = useMay();
  return may("reclamation:write") || may("exclusions:write");
}

/** What is offered for the people that are selected. */
export function Acts({ selection }: { selection: Selection<PersonRow> }): ReactNode {
  const may = useMay();
  const [open, setOpen] = useState<"ask" | "propose" | "exclude" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {may("reclamation:write") && <Button onClick={() => setOpen("ask")}>{t(texts.ask)}</Button>}
      {may("exclusions:write") && <Button onClick={() => setOpen("exclude")}>{t(texts.exclude)}</Button>}
      {may("reclamation:write") && (
        <Button kind="primary" onClick={() => setOpen("propose")}>
          {t(texts.propose)}
        </Button>
      )}
      {(open === "ask" || open === "propose") && (
        <ProposeDialog selection={selection} isAsking={open === "ask"} onClose={close} />
      )}
      {open === "exclude" && <ExcludeDialog selection={selection} onClose={close} />}
    </>
  );
}
