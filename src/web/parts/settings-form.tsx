import { useBlocker } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "../api/call.ts";
import { t } from "../text/t.ts";
import { Button } from "./button.tsx";
import { clearDraft, fieldsOf, readDraft, restoreDraft, sameFields, saveDraft } from "./draft.ts";
import { FormErrors } from "./form.tsx";
import classes from "./settings-form.module.css";
import { Banner, Failure, isOfFields } from "./states.tsx";
import { partTexts as texts } from "./texts.ts";
import { say } from "./toast.tsx";

interface SettingsFormProps {
  /** Names the draft that is kept in this browser tab, should the session end or the page be left. */
  id: string;
  /** Throws what the server refused. */
  onSave: (form: FormData) => Promise<unknown>;
  /** Reads again what somebody else has saved meanwhile. */
  onReload: () => Promise<unknown>;
  /** Nothing can be changed: the reader may only look. */
  isReadOnly?: boolean;
  children: ReactNode;
}

/** A page's form: once something is changed, a bar says so and offers to discard or save. Ctrl+Enter saves. */
export function SettingsForm(props: SettingsFormProps): ReactNode {
  const [round, setRound] = useState(0);
  // What is typed lives in the fields; a new round draws them anew, as they were read last.
  return <Fields key={round} {...props} onFresh={() => setRound(round + 1)} />;
}

function Fields({
  id,
  onSave,
  onReload,
  isReadOnly = false,
  children,
  onFresh,
}: SettingsFormProps & { onFresh: () => void }): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const saved = useRef<readonly (readonly [string, string])[]>([]);
  const [isDirty, setDirty] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  const look = useCallback(() => {
    if (!form.current) return;
    const now = fieldsOf(form.current);
    setDirty(!sameFields(now, saved.current));
    saveDraft(id, now, saved.current);
  }, [id]);

  useEffect(() => {
    if (!form.current) return;
    saved.current = fieldsOf(form.current);
    const draft = readDraft(id);
    if (draft && restoreDraft(form.current, draft)) look();
  }, [id, look]);

  // The draft is kept, so leaving loses nothing; only closing the tab does.
  useBlocker({ shouldBlockFn: () => false, enableBeforeUnload: isDirty });

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await onSave(new FormData(event.currentTarget));
      clearDraft(id);
      say(t(texts.saved));
      onFresh();
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  async function discard(): Promise<void> {
    clearDraft(id);
    await onReload();
    onFresh();
  }

  return (
    <form
      ref={form}
      noValidate
      className={classes["form"]}
      onInput={look}
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <FormErrors problem={error}>
        <fieldset disabled={isReadOnly} className={classes["fields"]}>
          {children}
        </fieldset>
      </FormErrors>
      {error && isStale(error) && (
        <Banner kind="warn" action={<Button onClick={() => void discard()}>{t(texts.showTheirs)}</Button>}>
          {t(texts.changedMeanwhile)}
        </Banner>
      )}
      {error && !isStale(error) && !isOfFields(error) && <Failure error={error} title={texts.notSaved} />}
      {isDirty && !isReadOnly && (
        <div className={classes["bar"]} role="region" aria-label={t(texts.unsaved)}>
          <span role="status">{t(texts.unsaved)}</span>
          <Button onClick={() => void discard()}>{t(texts.discard)}</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            {t(texts.save)}
          </Button>
        </div>
      )}
    </form>
  );
}

function isStale(error: Error): boolean {
  return error instanceof ApiProblem && error.problem.status === 412;
}
