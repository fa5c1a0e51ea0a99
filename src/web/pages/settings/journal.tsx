import type { ReactNode } from "react";
import { urlOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button, buttonClass } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner, Failure, Shown } from "../../parts/states.tsx";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** The keys of this installation, and whether the journal is what it was. */
export function JournalKeys(): ReactNode {
  const system = useApi("settings.system");
  // It reads the whole journal, so only when it is asked for.
  const verification = useApi("journal.verify", {}, { enabled: false });
  const found = verification.data;
  return (
    <>
      <p className={classes["text"]}>{t(texts.journalAbout)}</p>
      <div className={classes["row"]}>
        <Button kind="primary" isBusy={verification.isFetching} onClick={() => void verification.refetch()}>
          {t(texts.verify)}
        </Button>
        <a className={buttonClass} href={urlOf("journal.export")} download>
          {t(texts.exportEvidence)}
        </a>
      </div>
      {verification.error && <Failure error={verification.error} onRetry={() => void verification.refetch()} />}
      {found && (
        <Banner kind={found.intact ? "ok" : "danger"}>
          <p>
            {found.intact
              ? t(texts.intact, { checked: found.checked })
              : t(texts.broken, { at: found.brokenAt ?? 0, reason: found.reason ?? "" })}
          </p>
          <p>
            {found.proven ? t(texts.proven, { seq: found.proven.seq, place: found.proven.place }) : t(texts.notProven)}
          </p>
          <p>{t(texts.checkpoints, { inside: found.checkpoints.inDatabase, outside: found.checkpoints.outside })}</p>
        </Banner>
      )}
      <p className={classes["muted"]}>
        <Rich text={texts.exportAbout} parts={{ command: (words) => <code>{words}</code> }} />
      </p>
      <Section title={texts.keys}>
        <Shown query={system} rows={3}>
          {({ keys }) => (
            <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.keys)}>
              <table className={classes["table"]}>
                <thead>
                  <tr>
                    <th scope="col">{t(texts.key)}</th>
                    <th scope="col">{t(texts.purpose)}</th>
                    <th scope="col">{t(texts.state)}</th>
                  </tr>
                </thead>
                <tbody>
                  {keys.map(({ id, purpose, isCurrent }) => (
                    <tr key={`${purpose} ${id}`}>
                      <th scope="row">
                        <Id id={id} />
                      </th>
                      <td>{t(purpose === "signing" ? texts.signing : texts.encryption)}</td>
                      <td>{t(isCurrent ? texts.current : texts.former)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Shown>
      </Section>
    </>
  );
}
