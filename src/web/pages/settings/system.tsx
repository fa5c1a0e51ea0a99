import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import type { Text } from "../../text/define.ts";
import { formatNumber } from "../../text/format.ts";
import { WithCode } from "../../text/code.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type System = AnswerFor<"settings.system">;

const MEGABYTE = 1_000_000;

/** What runs here, and whether all is well with it. */
export function System(): ReactNode {
  const system = useApi("settings.system");
  return (
    <>
      <Health />
      <Shown query={system}>
        {(found) => (
          <>
            <Facts {...found} />
            <Section title={texts.processes}>
              <Processes processes={found.processes} />
            </Section>
          </>
        )}
      </Shown>
    </>
  );
}

function Facts({ version, startedAt, database, freeBytes, lastBackupAt }: System): ReactNode {
  return (
    <dl className={classes["facts"]}>
      <dt>{t(texts.version)}</dt>
      <dd>{version}</dd>
      <dt>{t(texts.running)}</dt>
      <dd>
        <Time value={startedAt} />
      </dd>
      <dt>{t(texts.database)}</dt>
      <dd>
        {t(database.kind === "embedded" ? texts.databaseEmbedded : texts.databaseExternal, {
          version: database.version,
        })}
      </dd>
      <dt>{t(texts.size)}</dt>
      <dd>{t(texts.megabytes, { size: Math.round(database.sizeBytes / MEGABYTE) })}</dd>
      <dt>{t(texts.schema)}</dt>
      <dd>{t(SCHEMAS[database.schema], { migration: database.migration ?? "" })}</dd>
      <dt>{t(texts.free)}</dt>
      <dd>{freeBytes === null ? t(texts.unknown) : t(texts.megabytes, { size: Math.round(freeBytes / MEGABYTE) })}</dd>
      <dt>{t(texts.lastBackup)}</dt>
      <dd>{lastBackupAt === null ? t(texts.never) : <Time value={lastBackupAt} />}</dd>
    </dl>
  );
}

const SCHEMAS: Readonly<Record<System["database"]["schema"], Text>> = {
  "as-known": texts.schemaKnown,
  older: texts.schemaOlder,
  newer: texts.schemaNewer,
};

function Processes({ processes }: Pick<System, "processes">): ReactNode {
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.processes)}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t(texts.process)}</th>
            <th scope="col">{t(texts.kind)}</th>
            <th scope="col">{t(texts.version)}</th>
            <th scope="col">{t(texts.seen)}</th>
            <th scope="col" data-number="true">
              {t(texts.runs)}
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map(({ holder, kind, version, seenAt, runs }) => (
            <tr key={holder}>
              <th scope="row">{holder}</th>
              <td>{kind}</td>
              <td>{version}</td>
              <td>
                <Time value={seenAt} />
              </td>
              <td data-number="true">{formatNumber(runs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const VERDICTS: Readonly<Record<"ok" | "warn" | "bad", { kind: BadgeKind; label: Text }>> = {
  ok: { kind: "ok", label: texts.well },
  warn: { kind: "warn", label: texts.warn },
  bad: { kind: "danger", label: texts.bad },
};

function Health(): ReactNode {
  const doctor = useApi("doctor.get");
  return (
    <Section
      title={texts.health}
      actions={
        <Button isBusy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {t(texts.checkAgain)}
        </Button>
      }
    >
      <Shown query={doctor}>
        {({ checks }) => (
          <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.health)}>
            <table className={classes["table"]}>
              <thead>
                <tr>
                  <th scope="col">{t(texts.check)}</th>
                  <th scope="col">{t(texts.verdict)}</th>
                  <th scope="col">{t(texts.says)}</th>
                </tr>
              </thead>
              <tbody>
                {checks.map(({ name, verdict, says, fix }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>
                      <Badge kind={VERDICTS[verdict].kind}>{t(VERDICTS[verdict].label)}</Badge>
                    </td>
                    <td>
                      <WithCode text={says} />
                      {fix && (
                        <p className={classes["muted"]}>
                          <WithCode text={fix} />
                        </p>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
    </Section>
  );
}
