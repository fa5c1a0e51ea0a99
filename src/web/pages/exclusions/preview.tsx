import type { ReactNode } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useLooked } from "../../api/looked.ts";
import { Status } from "../../parts/badge.tsx";
import { Failure, Loading } from "../../parts/states.tsx";
import { formatMoney } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { Condition, Effect } from "./conditions.ts";
import classes from "./page.module.css";
import { previewTexts as texts } from "./texts.ts";

export type ExclusionPreview = AnswerFor<"exclusion-rules.preview">;

const ROWS = 8;

interface Wish {
  condition: Condition | null;
  siteIds: readonly string[] | null;
  effects: readonly Effect[];
  /** The saved one that this would change. */
  ruleId: string | null;
}

export function usePreview({ condition, siteIds, effects, ruleId }: Wish) {
  const body = { condition: condition ?? {}, siteIds, effects, ruleId, limit: ROWS };
  return useLooked(
    (signal) => callApi("exclusion-rules.preview", { body, signal }) as Promise<ExclusionPreview>,
    JSON.stringify(["exclusion", body]),
    { enabled: condition !== null && effects.length > 0 },
  );
}

/** Whom an exclusion would catch and what would change, before it is saved. */
export function Preview({ preview, isSaid }: { preview: ReturnType<typeof usePreview>; isSaid: boolean }): ReactNode {
  return (
    <section className={classes["preview"]} aria-live="polite" aria-busy={preview.isBehind}>
      <h3>{t(texts.title)}</h3>
      {!isSaid && <p>{t(texts.incomplete)}</p>}
      {isSaid && preview.error && <Failure error={preview.error} />}
      {isSaid && !preview.error && (preview.data ? <Effects preview={preview.data} /> : <Loading rows={2} />)}
    </section>
  );
}

function Effects({ preview }: { preview: ExclusionPreview }): ReactNode {
  const { accounts, people, seats, guests, seatsUncounted, openCandidates, released, rows, money } = preview;
  const amount = money.map(({ monthMinor, currency }) => formatMoney(monthMinor, currency)).join(" + ");
  return (
    <>
      <p>{accounts === 0 ? t(texts.nobody) : t(texts.catches, { accounts, people, seats, guests })}</p>
      {seatsUncounted > 0 && (
        <p>
          {amount === ""
            ? t(texts.uncountedFree, { seats: seatsUncounted })
            : t(texts.uncounted, { seats: seatsUncounted, money: amount })}
        </p>
      )}
      {openCandidates > 0 && <p>{t(texts.candidates, { count: openCandidates })}</p>}
      {released > 0 && <p>{t(texts.released, { count: released })}</p>}
      <ul role="list" className={classes["caught"]}>
        {rows.map((row) => (
          <li key={row.accountId}>
            <span>{row.name}</span>
            <span className={classes["muted"]}>{row.site}</span>
            {row.status && <Status of={row.status} />}
            {row.exclusions.length > 0 && (
              <span className={classes["muted"]}>
                {t(texts.already, { names: row.exclusions.map(({ name }) => name).join(", ") })}
              </span>
            )}
          </li>
        ))}
        {accounts > rows.length && (
          <li className={classes["muted"]}>{t(texts.more, { count: accounts - rows.length })}</li>
        )}
      </ul>
    </>
  );
}
