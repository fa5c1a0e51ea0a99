import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { TextField } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import { Failure } from "../../../parts/states.tsx";
import { formatDay, formatNumber, formatPercent } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import type { UnsavedRule } from "./simulation.tsx";
import { simulationTexts as texts } from "./texts.ts";

const DAY_MS = 86_400_000;
const DAYS_BACK = 90;

/** Whom the rule would have taken on a past day, and who of them came back. */
export function Backtest({ rule }: { rule: UnsavedRule }): ReactNode {
  const [now] = useState(() => Date.now());
  const [day, setDay] = useState(new Date(now - DAYS_BACK * DAY_MS).toISOString().slice(0, 10));
  const backtest = useChange("reclamation-rules.backtest");
  return (
    <Section title={texts.backtest}>
      <p className={classes["muted"]}>{t(texts.backtestHint)}</p>
      <div className={classes["row"]}>
        <TextField
          name="asOf"
          type="date"
          label={t(texts.asOf)}
          max={new Date(now - DAY_MS).toISOString().slice(0, 10)}
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <Button
          isBusy={backtest.isPending}
          onClick={() => backtest.mutate({ body: { ...rule, asOf: `${day}T23:59:59Z`, limit: 1 } } as never)}
        >
          {t(texts.run)}
        </Button>
      </div>
      {backtest.error && <Failure error={backtest.error} />}
      {backtest.data && !backtest.error && <Result result={backtest.data} />}
    </Section>
  );
}

function Result({ result }: { result: AnswerFor<"reclamation-rules.backtest"> }): ReactNode {
  const { asOf, wouldTake: taken, lacksEvidence, activeWithin } = result;
  const share = (count: number | null) =>
    count === null
      ? t(texts.notOver)
      : taken === 0
        ? formatNumber(count)
        : t(texts.share, { count, share: formatPercent(count / taken) });
  return (
    <div role="status">
      <p>
        {t(texts.backtested, {
          day: formatDay(asOf),
          taken,
          days7: share(activeWithin.days7),
          days30: share(activeWithin.days30),
          days90: share(activeWithin.days90),
        })}
      </p>
      {lacksEvidence > 0 && <p>{t(texts.lacked, { count: lacksEvidence })}</p>}
    </div>
  );
}
