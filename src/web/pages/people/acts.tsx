import { lazy, type ReactNode, Suspense, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Failure } from "../../parts/states.tsx";
import type { Selection } from "../../parts/table/table-types.ts";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { texts } from "./act-texts.ts";
import type { PersonRow } from "./labels.ts";
import { useSelectedPeople } from "./selected-people.ts";

const ExcludeDialog = lazy(async () => ({ default: (await import("./exclude-dialog.tsx")).ExcludeDialog }));
const ProposeReclamation = lazy(async () => ({ default: (await import("../reclaim/propose.tsx")).ProposeReclamation }));

/** What is offered for the people that are selected. */
export function Acts({ selection }: { selection: Selection<PersonRow> }): ReactNode {
  const may = useMay();
  const [open, setOpen] = useState<"propose" | "exclude" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {may("exclusions:write") && <Button onClick={() => setOpen("exclude")}>{t(texts.exclude)}</Button>}
      {may("reclamation:write") && (
        <Button kind="primary" onClick={() => setOpen("propose")}>
          {t(texts.propose)}
        </Button>
      )}
      <Suspense>
        {open === "propose" && <Propose selection={selection} onClose={close} />}
        {open === "exclude" && <ExcludeDialog selection={selection} onClose={close} />}
      </Suspense>
    </>
  );
}

/** Opens when all that match were read. */
function Propose({ selection, onClose }: { selection: Selection<PersonRow>; onClose: () => void }): ReactNode {
  const people = useSelectedPeople(selection);
  if (people.error) return <Failure error={people.error} onRetry={() => void people.refetch()} />;
  if (!people.data) return <span role="status">{t(texts.collecting)}</span>;
  return <ProposeReclamation people={people.data} onClose={onClose} />;
}
