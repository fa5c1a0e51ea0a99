import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { PersonDetail } from "./labels.ts";
import classes from "./person.module.css";
import { texts } from "./person-texts.ts";

type Past = AnswerFor<"people.seat-history">;
type PastSeat = Past["seats"][number];

const REASONS: Readonly<Record<NonNullable<PastSeat["endReason"]>, Text>> = {
  "account-gone": texts.accountGone,
  deactivated: texts.deactivated,
  "no-access": texts.noAccess,
  guest: texts.guest,
  app: texts.app,
  customer: texts.customer,
  licensed: texts.licensed,
};

/** Every seat that was ever seen, what the accounts were over time, and since when anything is known. */
export function PersonHistory({ person }: { person: PersonDetail }): ReactNode {
  const past = useApi("people.seat-history", { params: { personId: person.personId } });
  return (
    <>
      <Shown query={past} rows={4}>
        {(known) => <Seats past={known} />}
      </Shown>
      <section className={classes["part"]}>
        <h2>{t(texts.changes)}</h2>
        <ol role="list" className={classes["events"]}>
          {person.history.map(({ at, accountId, what, detail }) => (
            <li key={`${at} ${accountId} ${what}`}>
              <Time value={at} as="absolute" />
              <span>{detail}</span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Seats({ past }: { past: Past }): ReactNode {
  return (
    <section className={classes["part"]}>
      <h2>{t(texts.everSeated)}</h2>
      <p>{past.because}</p>
      <p className={classes["muted"]}>{t(past.mayBecomeGuest === "no" ? texts.mayBecomeGuest : texts.mayBeGuest)}</p>
      <ol role="list" className={classes["events"]}>
        {past.seats.map((seat) => (
          <li key={`${seat.seatId} ${seat.startedAt}`}>
            <span>{seat.site}</span>
            <span>
              <Span seat={seat} />{" "}
              {seat.through.length > 0 && (
                <span className={classes["muted"]}>
                  {t(texts.by, { groups: [...new Set(seat.through.map(({ group }) => group))].join(", ") })}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      <ul role="list" className={classes["muted"]}>
        {past.knownSince.map(({ siteId, site, since }) => (
          <li key={siteId}>
            {since === null ? t(texts.notKnown, { site }) : t(texts.knownSince, { site, day: formatDay(since) })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Span({ seat: { since, mayBeOlder, endedAt, endReason } }: { seat: PastSeat }): ReactNode {
  const from = mayBeOlder ? `${formatDay(since)} ${t(texts.orEarlier)}` : formatDay(since);
  if (endedAt === null) return t(texts.seatHeld, { from });
  const reason = endReason === null ? t(texts.unknown) : t(REASONS[endReason]);
  return t(texts.seatEnded, { from, to: formatDay(endedAt), reason });
}
