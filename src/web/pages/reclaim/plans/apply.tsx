import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { Banner } from "../../../parts/states.tsx";
import { useNow } from "../../../parts/time.tsx";
import { say } from "../../../parts/toast.tsx";
import { formatDay, formatRelative } from "../../../text/format.ts";
import { Rich } from "../../../text/rich.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ReasonDialog } from "../reason-dialog.tsx";
import type { PlanDetail } from "./page.tsx";
import { applyTexts as texts, planTexts } from "./texts.ts";

/** A plan that changes more seats than this is applied by typing their number. */
const TYPED_ABOVE = 10;
const HOUR_MS = 3_600_000;
/** What a plan changes beside the plans. */
export const CHANGED_BY_PLANS = ["plan-rows", "actions", "candidates", "seats", "people", "overview"];

/** Apply, approve, discard; or in words what keeps it from being applied, and where that is changed. */
export function Apply({ plan, mayWrite }: { plan: PlanDetail; mayWrite: boolean }): ReactNode {
  const [open, setOpen] = useState<"apply" | "approve" | "discard" | null>(null);
  const discard = useChange("plans.discard", CHANGED_BY_PLANS);
  const blocks = useBlocks(plan);
  const close = () => setOpen(null);
  return (
    <>
      {blocks.length > 0 && (
        <Banner kind="warn">
          {blocks.map(({ key, words }) => (
            <p key={key} id={`block-${key}`}>
              {words}
            </p>
          ))}
        </Banner>
      )}
      {mayWrite && (
        <div className={classes["row"]}>
          <Button
            kind="primary"
            disabled={blocks.length > 0}
            aria-describedby={blocks.map(({ key }) => `block-${key}`).join(" ") || undefined}
            onClick={() => setOpen("apply")}
          >
            {t(plan.kind === "restore" ? texts.applyRestore : texts.apply)}
          </Button>
          {plan.approvals.length < plan.approvalsNeeded && (
            <Button onClick={() => setOpen("approve")}>{t(texts.approve)}</Button>
          )}
          <Button onClick={() => setOpen("discard")}>{t(texts.discard)}</Button>
        </div>
      )}
      <ApplyDialog plan={plan} isOpen={open === "apply"} onClose={close} />
      <ApproveDialog plan={plan} isOpen={open === "approve"} onClose={close} />
      {open === "discard" && (
        <ReasonDialog
          title={t(texts.discardTitle)}
          act={t(texts.discardAct)}
          onClose={close}
          onReason={async (reason) => {
            await discard.mutateAsync({ params: { planId: plan.id }, body: { reason } });
            say(t(texts.discarded));
          }}
        >
          <p>{t(texts.discardEffect)}</p>
        </ReasonDialog>
      )}
    </>
  );
}

/** Why it may not be applied as things are; the server decides all the same. */
function useBlocks(plan: PlanDetail): { key: string; words: ReactNode }[] {
  const now = useNow();
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const found = sites.data?.items.filter(({ id }) => plan.siteIds.includes(id)) ?? [];
  const blocks: { key: string; words: ReactNode }[] = [];
  const add = (key: string, words: ReactNode) => blocks.push({ key, words });
  const oldest = now.getTime() - plan.limits.dataHoursMax * HOUR_MS;

  if (Date.parse(plan.expiresAt) <= now.getTime()) {
    add("expired", t(planTexts.expired, { when: formatRelative(plan.expiresAt, now) }));
  }
  if (plan.counts.seats === 0) add("nothing", t(texts.nothing));
  for (const site of found) {
    const values = { site: site.name, hours: plan.limits.dataHoursMax };
    const connection = site.connections[0]?.id ?? null;
    const told = (text: (typeof texts)["observed"], more: Record<string, string> = {}) => (
      <Rich
        text={text}
        values={{ ...values, ...more }}
        parts={{ connection: (words) => <ConnectionLink connectionId={connection}>{words}</ConnectionLink> }}
      />
    );
    const isServed = site.readBy.some(({ capability, isServed: is }) => capability === "reclaim" && is);
    if (site.mode === "observe") add(`observed-${site.id}`, told(texts.observed));
    else if (!isServed) add(`unserved-${site.id}`, told(texts.unserved));
    if (plan.kind !== "reclaim") continue;
    if (site.lastSyncedAt === null) add(`unread-${site.id}`, told(texts.neverRead));
    else if (Date.parse(site.lastSyncedAt) < oldest) {
      add(`stale-${site.id}`, told(texts.stale, { when: formatRelative(site.lastSyncedAt, now) }));
    }
  }
  const missing = plan.approvalsNeeded - plan.approvals.length;
  if (plan.kind === "reclaim" && missing > 0) add("approval", t(texts.needsApproval, { count: missing }));
  const today = now.toISOString().slice(0, 10);
  const blackout = plan.limits.blackouts.find(({ from, until }) => from <= today && today <= until);
  if (plan.kind === "reclaim" && blackout) {
    const { from, until, reason } = blackout;
    add("blackout", t(texts.blackout, { from: formatDay(from), until: formatDay(until), reason }));
  }
  return blocks;
}

function ConnectionLink({ connectionId, children }: { connectionId: string | null; children: string }): ReactNode {
  if (connectionId === null) return <Link to={"/connections" as string}>{children}</Link>;
  return (
    <Link to={"/connections/$connectionId" as string} params={{ connectionId } as never}>
      {children}
    </Link>
  );
}

interface DialogProps {
  plan: PlanDetail;
  isOpen: boolean;
  onClose: () => void;
}

function ApplyDialog({ plan, isOpen, onClose }: DialogProps): ReactNode {
  const apply = useChange("plans.apply", CHANGED_BY_PLANS);
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const names = sites.data?.items.filter(({ id }) => plan.siteIds.includes(id)).map(({ name }) => name) ?? [];
  const { seats: count, leftOut, lastAdmins } = plan.counts;
  const isRestore = plan.kind === "restore";
  const isTyped = !isRestore && count > TYPED_ABOVE;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(isRestore ? texts.titleRestore : texts.title, { count, sites: names.join(", ") })}
      act={t(isRestore ? texts.actRestore : texts.act, { count })}
      isDangerous={!isRestore}
      {...(isTyped ? { typed: String(count) } : {})}
      command={`usher reclaim apply ${plan.id} --confirm ${count}`}
      onConfirm={async () => {
        await apply.mutateAsync({ params: { planId: plan.id }, body: { hash: plan.hash, confirmCount: count } });
        say(t(texts.started));
      }}
    >
      <p>{t(isRestore ? texts.effectRestore : texts.effect)}</p>
      {leftOut > 0 && <p>{t(texts.heldBack, { count: leftOut })}</p>}
      {lastAdmins > 0 && <p>{t(texts.lastAdmins, { count: lastAdmins })}</p>}
      {!isRestore && <p>{t(texts.recheck)}</p>}
    </Confirm>
  );
}

function ApproveDialog({ plan, isOpen, onClose }: DialogProps): ReactNode {
  const approve = useChange("plans.approve", CHANGED_BY_PLANS);
  const count = plan.counts.seats;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.approveTitle)}
      act={t(texts.approveAct, { count })}
      command={`usher reclaim approve ${plan.id}`}
      onConfirm={async () => {
        await approve.mutateAsync({ params: { planId: plan.id }, body: { hash: plan.hash } });
        say(t(texts.approved));
      }}
    >
      <p>{t(texts.approveEffect, { count })}</p>
    </Confirm>
  );
}
