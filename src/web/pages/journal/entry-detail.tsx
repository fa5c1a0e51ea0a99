import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatExact } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { changesOf } from "./changes.ts";
import { entryWords } from "./entry-words.ts";
import { Facts, Value } from "./facts.tsx";
import classes from "./page.module.css";
import { formatStamp, type Zone } from "./stamp.ts";
import { texts } from "./texts.ts";
import { nameOfActor, whoOf } from "./who.tsx";

type Entry = AnswerFor<"journal.get">;

/** One entry: before and after, why, what else was done to it, and what proves it. */
export function EntryDetail({ seq, zone, onClose }: { seq: number; zone: Zone; onClose: () => void }): ReactNode {
  const { change } = useUrlState();
  const entry = useApi("journal.get", { params: { seq } });
  const data = entry.data?.seq === seq ? entry.data : undefined;
  return (
    <SlideOut
      isOpen
      title={t(texts.entry, { seq, did: data ? entryWords(data.entry) : "" })}
      onClose={onClose}
      // Newest first: the row above is the later one.
      onStep={(by) => change({ open: String(Math.max(1, seq - by)) }, "replace")}
      stepLabels={{ previous: t(texts.previousEntry), next: t(texts.nextEntry) }}
    >
      <Shown query={{ ...entry, data }}>{(read) => <Body entry={read} zone={zone} />}</Shown>
    </SlideOut>
  );
}

function Body({ entry, zone }: { entry: Entry; zone: Zone }): ReactNode {
  const { changes, rest } = changesOf(entry.detail);
  const { reason, ...personal } = entry.personal ?? {};
  return (
    <div className={classes["parts"]}>
      <dl className={classes["facts"]}>
        <dt>{t(texts.time)}</dt>
        <dd>
          <time dateTime={entry.at} title={formatExact(entry.at)}>
            {formatStamp(entry.at, zone)} {t(zone === "utc" ? texts.utc : texts.local)}
          </time>
        </dd>
        <dt>{t(texts.who)}</dt>
        <dd>{whoOf(entry)}</dd>
        <dt>{t(texts.action)}</dt>
        <dd>
          <code>{entry.entry}</code>
        </dd>
        {entry.subjectId !== null && (
          <>
            <dt>{t(texts.to)}</dt>
            <dd>
              <Value value={entry.subjectId} />
            </dd>
          </>
        )}
        {typeof reason === "string" && (
          <>
            <dt>{t(texts.reason)}</dt>
            <dd>{reason}</dd>
          </>
        )}
      </dl>
      {changes.length > 0 && <Changes changes={changes} />}
      <Facts title={texts.detail} of={rest} />
      {entry.personalHash !== null && entry.personal === null ? (
        <p>{t(texts.erased)}</p>
      ) : (
        <Facts title={texts.personal} of={personal} />
      )}
      <Related entry={entry} />
      <Proof entry={entry} />
    </div>
  );
}

function Changes({ changes }: { changes: ReturnType<typeof changesOf>["changes"] }): ReactNode {
  return (
    <section>
      <h3>{t(texts.changed)}</h3>
      <table className={classes["changes"]}>
        <thead>
          <tr>
            <th scope="col">{t(texts.field)}</th>
            <th scope="col">{t(texts.beforeValue)}</th>
            <th scope="col">{t(texts.afterValue)}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, before, after }) => (
            <tr key={field}>
              <td>{field}</td>
              <td>
                <Value value={before} />
              </td>
              <td>
                <Value value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Related({ entry }: { entry: Entry }): ReactNode {
  const { actorId, subjectId, seq } = entry;
  const link = `${location.origin}/journal?open=${seq}`;
  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => say(t(texts.copied)));
  return (
    <div className={classes["links"]}>
      {subjectId !== null && (
        <Link to={"/journal" as string} search={{ subjectId } as never}>
          {t(texts.related)}
        </Link>
      )}
      <Link to={"/journal" as string} search={{ actorId } as never}>
        {t(texts.byWhom, { who: nameOfActor(entry) })}
      </Link>
      <Button onClick={() => copy(JSON.stringify(entry, null, 2))}>{t(texts.copyJson)}</Button>
      <Button onClick={() => copy(link)}>{t(texts.copyLink)}</Button>
    </div>
  );
}

/** What proves that the entry is as it was written. */
function Proof({ entry: { hash, previousHash, personalHash, checkpoint } }: { entry: Entry }): ReactNode {
  const hashes = [
    { label: texts.hash, value: hash },
    { label: texts.previousHash, value: previousHash },
    ...(personalHash === null ? [] : [{ label: texts.personalHash, value: personalHash }]),
  ];
  return (
    <section>
      <h3>{t(texts.proof)}</h3>
      <dl className={classes["facts"]}>
        {hashes.map(({ label, value }) => (
          <div key={label.id} style={{ display: "contents" }}>
            <dt>{t(label)}</dt>
            <dd>
              <code className={classes["hash"]}>{value}</code> <CopyButton text={value} />
            </dd>
          </div>
        ))}
        <dt>{t(texts.checkpoint)}</dt>
        <dd>
          {checkpoint
            ? t(texts.checkpointOf, { seq: checkpoint.seq, when: formatStamp(checkpoint.at, "utc") })
            : t(texts.checkpointNone)}
        </dd>
        {checkpoint && (
          <>
            <dt>{t(texts.key)}</dt>
            <dd>
              <code className={classes["hash"]}>{checkpoint.keyId}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
