import { useNavigate } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { callApi } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { TextArea } from "../../../parts/form.tsx";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { t } from "../../../text/t.ts";
import { planTexts as texts } from "./texts.ts";

/** A plan may have so many seats. */
export const PLAN_SEATS_MAX = 10_000;
const PAGE_ROWS = 200;

interface PlannedSeat {
  siteId: string;
  accountId: string;
  candidateId: string;
}

/** A plan of all seats of which it is decided that they may be taken. */
export function MakePlanDialog({ onClose }: { onClose: () => void }): ReactNode {
  const navigate = useNavigate();
  const create = useChange("plans.create", ["candidates", "overview"]);
  const approved = useQuery({
    queryKey: ["candidates", "approved"],
    queryFn: ({ signal }) => readApproved(signal),
    staleTime: 0,
  });
  const seats = approved.data ?? [];

  async function submit(form: FormData): Promise<void> {
    const plan = await create.mutateAsync({ body: { seats, reason: String(form.get("reason") ?? "") } });
    await navigate({ to: "/reclaim/plans/$planId" as string, params: { planId: plan.id } as never });
  }

  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.title, { count: seats.length })}
      act={t(texts.act, { count: seats.length })}
      onSubmit={submit}
    >
      {approved.isPending && <Loading rows={1} />}
      {approved.error && <Failure error={approved.error} />}
      <p>{approved.data?.length === 0 ? t(texts.none) : t(texts.effect)}</p>
      <TextArea name="reason" label={t(texts.reason)} hint={t(texts.reasonHint)} maxLength={1000} />
    </FormDialog>
  );
}

async function readApproved(signal: AbortSignal): Promise<PlannedSeat[]> {
  const seats: PlannedSeat[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(cursor, signal);
    seats.push(...page.items.map(({ siteId, accountId, candidateId }) => ({ siteId, accountId, candidateId })));
    cursor = page.next;
  } while (cursor !== null && seats.length < PLAN_SEATS_MAX);
  return seats.slice(0, PLAN_SEATS_MAX);
}

function readPage(cursor: string | null, signal: AbortSignal) {
  return callApi("candidates.list", { query: { state: "scheduled", limit: PAGE_ROWS, cursor }, signal });
}
