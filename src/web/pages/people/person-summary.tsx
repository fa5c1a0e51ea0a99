import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, Status } from "../../parts/badge.tsx";
import { Id } from "../../parts/copy.tsx";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { formatDay, formatMoney } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { CLASSES, type PersonAccount, type PersonDetail } from "./labels.ts";
import classes from "./person.module.css";
import { texts } from "./person-texts.ts";
import { texts as listTexts } from "./texts.ts";

const KINDS: Readonly<Record<PersonAccount["evidence"][number]["kind"], Text>> = {
  viewed: texts.viewed,
  contributed: texts.contributed,
  administered: texts.administered,
  authenticated: texts.authenticated,
};

const SOURCES: Readonly<Record<PersonAccount["evidence"][number]["source"], Text>> = {
  "content-search": texts.contentSearch,
  organization: texts.organization,
  "audit-log": texts.auditLog,
  import: texts.import,
};

const EFFECTS: Readonly<Record<string, Text>> = {
  "not-counted": texts.counting,
  "no-reclaim": texts.reclaiming,
  "no-review": texts.reviewing,
  "no-notify": texts.notifying,
};

/** What each account does and what that rests on; who the person is. */
export function PersonSummary({ person }: { person: PersonDetail }): ReactNode {
  return (
    <>
      {person.accounts.map((account) => (
        <AccountSummary key={account.account.accountId} account={account} />
      ))}
      <Identity person={person} />
    </>
  );
}

function AccountSummary({ account: { account, seat, evidence } }: { account: PersonAccount }): ReactNode {
  return (
    <section className={classes["part"]}>
      <h2 className={classes["head"]}>
        {t(texts.onSite, { site: account.site })}
        {seat ? <Status of={seat.status} /> : <Badge kind="neutral">{t(CLASSES[account.accountClass])}</Badge>}
      </h2>
      {seat && <p>{seat.because}</p>}
      {account.exclusions.map(({ ruleId, name, effects }) => (
        <p key={ruleId}>
          <Status of="excluded" />{" "}
          {t(texts.excludedBy, {
            effects: effects.map((each) => t(EFFECTS[each] ?? texts.reclaiming)).join(", "),
            rule: name,
          })}
        </p>
      ))}
      {seat && (
        <p className={classes["muted"]}>
          {t(seat.sinceOrigin === "first-seen" ? texts.seatSeenSince : texts.seatSince, { day: formatDay(seat.since) })}
          {" · "}
          {seat.costPerMonthMinor !== null && seat.currency !== null
            ? t(texts.costs, { cost: formatMoney(seat.costPerMonthMinor, seat.currency) })
            : t(texts.costUnknown)}
        </p>
      )}
      {evidence.length > 0 && <EvidenceTable evidence={evidence} site={account.site} />}
    </section>
  );
}

function EvidenceTable({ evidence, site }: { evidence: PersonAccount["evidence"]; site: string }): ReactNode {
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.evidenceAt, { site })}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t(texts.evidenceKind)}</th>
            <th scope="col">{t(texts.evidenceLast)}</th>
            <th scope="col">{t(texts.evidenceKnown)}</th>
            <th scope="col">{t(texts.evidenceSource)}</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ kind, source, lastAt, knownSince, knownUntil, isOfSite }) => (
            <tr key={`${kind} ${source} ${isOfSite}`}>
              <td>{isOfSite ? t(texts.ofSite, { kind: t(KINDS[kind]) }) : t(KINDS[kind])}</td>
              <td>{lastAt === null ? t(texts.noneSeen) : <Time value={lastAt} />}</td>
              <td>
                {t(texts.knownSpan, {
                  from: knownSince === null ? t(texts.wholeLife) : formatDay(knownSince),
                  to: formatDay(knownUntil),
                })}
              </td>
              <td>{t(SOURCES[source])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const FIELDS: Readonly<Record<string, Text>> = {
  email: listTexts.email,
  department: listTexts.department,
  jobTitle: listTexts.jobTitle,
  costCenter: listTexts.costCenter,
  location: listTexts.location,
  employmentType: listTexts.employmentType,
  personStatus: listTexts.personStatus,
};

function Identity({ person: { attributes, managers, accounts } }: { person: PersonDetail }): ReactNode {
  return (
    <section className={classes["part"]}>
      <h2>{t(texts.identity)}</h2>
      <dl className={classes["fields"]}>
        {attributes.map(({ name, value, origin }) => (
          <div key={name}>
            <dt>{FIELDS[name] ? t(FIELDS[name]) : name.replace(/^attribute:/, "")}</dt>
            <dd>{origin === "import" ? t(texts.fromImport, { value }) : value}</dd>
          </div>
        ))}
        {managers.length > 0 && (
          <div>
            <dt>{t(texts.managers)}</dt>
            <dd className={classes["chain"]}>
              {managers.map(({ personId, name }) => (
                <Link key={personId} to={`/people/${personId}` as string}>
                  {name}
                </Link>
              ))}
            </dd>
          </div>
        )}
        {accounts.map(({ account }) => (
          <div key={account.accountId}>
            <dt>{t(texts.onSite, { site: account.site })}</dt>
            <dd className={classes["chain"]}>
              <span>{account.displayName}</span>
              {account.email && <span>{account.email}</span>}
              <Id id={account.sourceId} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
