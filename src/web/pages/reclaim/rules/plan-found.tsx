import { type ReactNode, useState } from "react";
import { callApi } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { t } from "../../../text/t.ts";
import { PLAN_SEATS_MAX } from "../candidates/make-plan.tsx";
import { CHANGED_BY_PLANS } from "../plans/apply.tsx";
import { useShowPlan } from "../plans/progress.tsx";
import { ReasonDialog } from "../reason-dialog.tsx";
import type { UnsavedRule } from "./simulation.tsx";
import { simulationTexts as texts } from "./texts.ts";

const PAGE_ROWS = 200;

/** A plan of what the rule would find now, without asking: whoever applies it has decided. */
export function PlanFound({ rule, count }: { rule: UnsavedRule; count: number }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const create = useChange("plans.create", CHANGED_BY_PLANS);
  const showPlan = useShowPlan();
  const seats = Math.min(count, PLAN_SEATS_MAX);
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t(texts.makePlan, { count: seats })}</Button>
      {isOpen && (
        <ReasonDialog
          title={t(texts.planTitle, { count: seats })}
          act={t(texts.planAct)}
          onClose={() => setOpen(false)}
          onReason={async (reason) => {
            const found = await readFound(rule);
            await showPlan(await create.mutateAsync({ body: { seats: found, reason } }));
          }}
        >
          <p>{t(texts.planEffect)}</p>
        </ReasonDialog>
      )}
    </div>
  );
}

async function readFound(rule: UnsavedRule): Promise<{ siteId: string; accountId: string }[]> {
  const seats: { siteId: string; accountId: string }[] = [];
  let cursor: string | null = null;
  do {
    const body: Record<string, unknown> = { ...rule, limit: PAGE_ROWS, cursor };
    const page: { items: { siteId: string; accountId: string }[]; next: string | null } = await callApi(
      "reclamation-rules.simulate",
      { body } as never,
    );
    seats.push(...page.items.map(({ siteId, accountId }) => ({ siteId, accountId })));
    cursor = page.next;
  } while (cursor !== null && seats.length < PLAN_SEATS_MAX);
  return seats.slice(0, PLAN_SEATS_MAX);
}
