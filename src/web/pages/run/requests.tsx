import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Text } from "../../text/define.ts";
import { formatDuration, formatNumber } from "../../text/format.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import type { RunDetail } from "./use-followed-run.ts";

const ANSWERS: Readonly<Record<keyof RunDetail["answers"], Text>> = {
  answered: texts.answerAnswered,
  slowed: texts.answerSlowed,
  refused: texts.answerRefused,
  "not-found": texts.answerNotFound,
  failed: texts.answerFailed,
  silent: texts.answerSilent,
};

/** How many requests the run took, by how they were answered. */
export function Requests({ run }: { run: RunDetail }): ReactNode {
  const { answers, requests, forecastRequests, points, waitedMs, earlier, resumed } = run;
  return (
    <div className={classes["requests"]}>
      <table className={classes["steps"]}>
        <caption className="aloud">{t(texts.tabRequests)}</caption>
        <thead>
          <tr>
            <th scope="col">{t(texts.answer)}</th>
            <th scope="col" data-number="true">
              {t(texts.count)}
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(ANSWERS).map(([kind, label]) => (
            <tr key={kind}>
              <th scope="row">{t(label)}</th>
              <td data-number="true">{formatNumber(answers[kind as keyof typeof answers])}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t(texts.requestsAll)}</th>
            <td data-number="true">{formatNumber(requests)}</td>
          </tr>
        </tbody>
      </table>
      {forecastRequests !== null && <p>{t(texts.requestsForecast, { count: forecastRequests })}</p>}
      {points > 0 && <p>{t(texts.requestsPoints, { points })}</p>}
      {waitedMs > 0 && <p>{t(texts.requestsWaited, { duration: formatDuration(waitedMs) })}</p>}
      {resumed > 0 && <p>{t(texts.resumed, { count: resumed })}</p>}
      {earlier && (
        <p>
          <Rich
            text={texts.requestsEarlier}
            values={{ count: earlier.requests }}
            parts={{
              run: (words) => (
                <Link to={"/runs/$id" as string} params={{ id: earlier.id } as never}>
                  {words}
                </Link>
              ),
            }}
          />
        </p>
      )}
    </div>
  );
}
