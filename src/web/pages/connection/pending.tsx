import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner, Failure } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Pending = AnswerFor<"connections.get-pending-revision">;
type Value = Pending["differences"][number]["after"];

/** Changes beside what runs: seen field by field, checked for real, then published as a whole or discarded. */
export function PendingChanges({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const params = { connectionId: connection.id };
  const pending = useApi("connections.get-pending-revision", { params });
  if (!pending.data) return null;
  const { differences, waitsFor, blocking, warnings, state } = pending.data;
  return (
    <div className={classes["card"]}>
      <Section title={texts.pendingTitle}>
        <p>{t(texts.pendingWords, { count: differences.length })}</p>
        <ul className={classes["plain"]}>
          {differences.map(({ field, before, after }) => (
            <li key={field}>{t(texts.difference, { field, before: wordsOf(before), after: wordsOf(after) })}</li>
          ))}
          {waitsFor.map((what) => (
            <li key={what}>{t(texts.waitsFor, { what })}</li>
          ))}
        </ul>
        {blocking.map(({ name, detail, fix }) => (
          <Banner key={`${name} ${detail}`} kind="danger">
            {t(texts.pendingInvalid, { name, detail, fix: fix ?? "" })}
          </Banner>
        ))}
        {warnings.map(({ name, detail, fix }) => (
          <Banner key={`${name} ${detail}`} kind="warn">
            {t(texts.pendingWarning, { name, detail, fix: fix ?? "" })}
          </Banner>
        ))}
        {state === "valid" && warnings.length === 0 && <Banner kind="ok">{t(texts.pendingValid)}</Banner>}
        {may("connections:write") && <PendingActs connection={connection} pending={pending.data} />}
      </Section>
    </div>
  );
}

function PendingActs({ connection, pending }: { connection: Connection; pending: Pending }): ReactNode {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<"check" | "publish" | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isDiscarding, setDiscarding] = useState(false);
  const params = { connectionId: connection.id };
  /** What ended is not asked for again, though it is still drawn. */
  async function refresh({ isEnded }: { isEnded: boolean }): Promise<void> {
    await queries.refetchQueries({ queryKey: ["connections", "connections.get"] });
    await queries.invalidateQueries({
      queryKey: ["connections"],
      predicate: ({ queryKey }) => !isEnded || queryKey[1] !== "connections.get-pending-revision",
    });
  }

  async function act(what: "check" | "publish", work: () => Promise<unknown>): Promise<void> {
    if (busy) return;
    setBusy(what);
    setError(null);
    let isEnded = what === "publish";
    try {
      await work();
    } catch (thrown) {
      isEnded = false;
      setError(thrown as Error);
    }
    await refresh({ isEnded });
    setBusy(null);
  }
  async function publish(): Promise<void> {
    const body = { acceptWarnings: pending.warnings.length > 0 };
    await callApi("connections.apply-pending-revision", { params, body, ifMatch: pending.revision });
    say(t(texts.pendingPublished));
  }

  return (
    <>
      {error && <Failure error={error} title={texts.pendingFailed} />}
      <div className={classes["inline"]}>
        <Button
          isBusy={busy === "check"}
          onClick={() => void act("check", () => callApi("connections.validate-pending-revision", { params }))}
        >
          {t(texts.pendingCheck)}
        </Button>
        {pending.state === "valid" && (
          <Button kind="primary" isBusy={busy === "publish"} onClick={() => void act("publish", publish)}>
            {t(pending.warnings.length > 0 ? texts.pendingPublishWarned : texts.pendingPublish)}
          </Button>
        )}
        <Button onClick={() => setDiscarding(true)}>{t(texts.pendingDiscard)}</Button>
      </div>
      <Confirm
        isOpen={isDiscarding}
        onClose={() => setDiscarding(false)}
        title={t(texts.discardTitle)}
        act={t(texts.discardAct)}
        onConfirm={async () => {
          await callApi("connections.discard-pending-revision", { params, ifMatch: pending.revision });
          await refresh({ isEnded: true });
        }}
      >
        <p>{t(texts.discardAbout)}</p>
      </Confirm>
    </>
  );
}

function wordsOf(value: Value): string {
  if (value === null) return t(texts.noneValue);
  return Array.isArray(value) ? value.join(", ") : String(value);
}
