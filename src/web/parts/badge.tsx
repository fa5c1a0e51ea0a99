import { Ban, CircleCheck, CircleDashed, CircleHelp, Clock, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../text/t.ts";
import type { Text } from "../text/define.ts";
import classes from "./badge.module.css";
import { Icon } from "./icon.tsx";
import { partTexts as texts } from "./texts.ts";

export type BadgeKind = "ok" | "warn" | "danger" | "info" | "neutral";

/** A state in words; color only repeats it. */
export function Badge({
  kind,
  icon,
  children,
}: {
  kind: BadgeKind;
  icon?: LucideIcon;
  children: ReactNode;
}): ReactNode {
  return (
    <span className={classes["badge"]} data-kind={kind}>
      {icon && <Icon of={icon} size={13} />}
      {children}
    </span>
  );
}

export type SeatStatus = "active" | "idle" | "never-used" | "no-evidence" | "excluded";

const STATUSES: Readonly<Record<SeatStatus, { label: Text; icon: LucideIcon }>> = {
  active: { label: texts.active, icon: CircleCheck },
  idle: { label: texts.idle, icon: Clock },
  "never-used": { label: texts.neverUsed, icon: CircleDashed },
  "no-evidence": { label: texts.noEvidence, icon: CircleHelp },
  excluded: { label: texts.excluded, icon: Ban },
};

/** The five statuses of a seat, each with its own word, icon and color. */
export function Status({ of }: { of: SeatStatus }): ReactNode {
  const { label, icon } = STATUSES[of];
  return (
    <span className={classes["status"]} data-status={of}>
      <Icon of={icon} size={13} />
      {t(label)}
    </span>
  );
}

export function statusLabel(status: SeatStatus): string {
  return t(STATUSES[status].label);
}
