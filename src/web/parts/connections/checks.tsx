import { CircleAlert, CircleCheck, CircleDashed, CircleX, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { Icon } from "../icon.tsx";
import classes from "./checks.module.css";
import { connectionTexts as texts } from "./texts.ts";
import { CAPABILITY_WORDS } from "./words.tsx";

export type Probe = AnswerFor<"connections.get">["sites"][number]["probes"][number];

const OUTCOMES: Readonly<Record<Probe["outcome"], { label: Text; icon: LucideIcon }>> = {
  passed: { label: texts.passed, icon: CircleCheck },
  warning: { label: texts.warning, icon: CircleAlert },
  failed: { label: texts.failed, icon: CircleX },
  "not-checked": { label: texts.notChecked, icon: CircleDashed },
};

/** What was tried for real on a site: each with what was seen and, where it failed, what to do. */
export function Checks({ site, probes }: { site: string; probes: readonly Probe[] }): ReactNode {
  if (probes.length === 0) return <p>{t(texts.nothingChecked)}</p>;
  return (
    <ul role="list" className={classes["checks"]} aria-label={t(texts.probes, { site })}>
      {probes.map((probe) => (
        <CheckLine key={`${probe.capability} ${probe.name}`} probe={probe} />
      ))}
    </ul>
  );
}

function CheckLine({ probe }: { probe: Probe }): ReactNode {
  const { label, icon } = OUTCOMES[probe.outcome];
  return (
    <li className={classes["check"]} data-outcome={probe.outcome}>
      <span className={classes["mark"]}>
        <Icon of={icon} />
        <span className="aloud">{t(label)}</span>
      </span>
      <div>
        <p className={classes["name"]}>
          {probe.name} <span className={classes["for"]}>{t(CAPABILITY_WORDS[probe.capability].label)}</span>
        </p>
        <p>{probe.detail}</p>
        {probe.fix && (
          <p className={classes["fix"]}>
            <strong>{t(texts.howToFix)}</strong> {probe.fix}
          </p>
        )}
      </div>
      <span className={classes["took"]}>{probe.outcome !== "not-checked" && tookWords(probe.tookMs)}</span>
    </li>
  );
}

function tookWords(tookMs: number): string {
  return tookMs < 100 ? t(texts.tookLittle) : t(texts.took, { seconds: Math.round(tookMs / 100) / 10 });
}
