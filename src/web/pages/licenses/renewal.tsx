import { type ReactNode, useState } from "react";
import { useApi } from "../../api/query.ts";
import form from "../../parts/form.module.css";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Shown } from "../../parts/states.tsx";
import { formatDay, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import { formatOfPeriod } from "./words.ts";

/** What renewing at each number of seats would cost and risk, by past demand. */
export function RenewalForecast({ licenseId }: { licenseId: string }): ReactNode {
  const [seats, setSeats] = useState("");
  const wanted = seats.split(/[\s,;]+/).filter((each) => /^\d{1,7}$/.test(each));
  const renewal = useApi("licenses.forecast-renewal", {
    params: { licenseId },
    query: wanted.length === 0 ? {} : { seats: wanted },
  });
  return (
    <section>
      <h3>{t(texts.renewing)}</h3>
      <Shown query={renewal} rows={4}>
        {({ currency, period, quantities, demand, held }) => (
          <>
            <p className={classes["muted"]}>
              {demand === null
                ? t(texts.noDemand)
                : t(texts.demand, {
                    held,
                    p50: demand.p50,
                    p95: demand.p95,
                    max: demand.max,
                    days: demand.days,
                    from: formatDay(demand.from),
                  })}
            </p>
            <PlainTable label={t(texts.renewing)}>
              <thead>
                <tr>
                  {[texts.seats, texts.costs, texts.savesColumn, texts.daysShort].map((label) => (
                    <th key={label.id} scope="col" data-number>
                      {t(label)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {quantities.map((each) => (
                  <tr key={each.seats}>
                    <td data-number>{formatNumber(each.seats)}</td>
                    <td data-number>
                      {each.costMinor === null ? NONE : formatOfPeriod(each.costMinor, currency, period)}
                    </td>
                    <td data-number>
                      {each.savesMinor === null ? NONE : formatOfPeriod(each.savesMinor, currency, period)}
                    </td>
                    <td data-number>
                      {each.daysShort === 0
                        ? formatNumber(0)
                        : t(texts.shortBy, { days: each.daysShort, seats: each.shortMost })}
                    </td>
                  </tr>
                ))}
              </tbody>
            </PlainTable>
          </>
        )}
      </Shown>
      <label className={classes["tools"]}>
        {t(texts.trySeats)}
        <input
          type="text"
          inputMode="numeric"
          className={form["control"]}
          placeholder={t(texts.trySeatsExample)}
          value={seats}
          onChange={(event) => setSeats(event.target.value)}
        />
      </label>
    </section>
  );
}
