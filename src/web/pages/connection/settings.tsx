import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { callApi, type RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { OwnersField, ownersFrom } from "../../parts/connections/owners-field.tsx";
import { CheckField, FormErrors, TextField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Failure, isOfFields, Shown } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import { Credentials } from "./credentials.tsx";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** How the connection is called, who answers for it, what it signs in with, and how it reads. */
export function SettingsTab({ connection }: { connection: Connection }): ReactNode {
  return (
    <>
      <Credentials connection={connection} />
      <NameAndOwners connection={connection} />
      <Collection connection={connection} />
      <Schedules connection={connection} />
    </>
  );
}

/** A form of its own: saved as a whole, with what the server refuses at its field. */
function SavedForm({
  title,
  children,
  onSave,
  isReadOnly,
}: {
  title: Text;
  children: ReactNode;
  onSave: (form: FormData) => Promise<unknown>;
  isReadOnly: boolean;
}): ReactNode {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await onSave(new FormData(event.currentTarget));
      say(t(texts.saved));
      await Promise.all(["connections", "jobs"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })));
    } catch (thrown) {
      setError(thrown as Error);
    }
    setBusy(false);
  }
  return (
    <Section title={title}>
      <form className={classes["form"]} noValidate onSubmit={(event) => void save(event)}>
        <FormErrors problem={error}>
          <fieldset disabled={isReadOnly} className={classes["form"]}>
            {children}
          </fieldset>
        </FormErrors>
        {error && !isOfFields(error) && <Failure error={error} title={texts.notSaved} />}
        {!isReadOnly && (
          <div>
            <Button type="submit" isBusy={isBusy}>
              {t(texts.save)}
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

function useIsReadOnly({ state }: Connection): boolean {
  return !useMay()("connections:write") || state === "archived";
}

function NameAndOwners({ connection }: { connection: Connection }): ReactNode {
  const { id, name, owners, revision } = connection;
  return (
    <SavedForm
      title={texts.nameAndOwners}
      isReadOnly={useIsReadOnly(connection)}
      onSave={(form) =>
        callApi("connections.change", {
          params: { connectionId: id },
          body: { name: String(form.get("name")).trim(), owners: ownersFrom(String(form.get("owners"))) },
          ifMatch: revision,
        })
      }
    >
      <TextField name="name" label={t(texts.name)} defaultValue={name} autoComplete="off" />
      <OwnersField owners={owners} />
    </SavedForm>
  );
}

const NUMBERS = [
  { name: "idleAfterDays", label: texts.idleAfter },
  { name: "staleAfterHours", label: texts.staleAfter },
  { name: "safeguardPercentMax", label: texts.safeguardPercent },
  { name: "safeguardCountMin", label: texts.safeguardCount },
] as const;

function Collection({ connection }: { connection: Connection }): ReactNode {
  const { id, revision, settings } = connection;
  return (
    <SavedForm
      title={texts.collection}
      isReadOnly={useIsReadOnly(connection)}
      onSave={(form) =>
        callApi("connections.change", {
          params: { connectionId: id },
          body: { settings: settingsFrom(form, settings) },
          ifMatch: revision,
        })
      }
    >
      <p>{t(texts.collectionAbout)}</p>
      <TextField
        name="settings.analyzeActivitySince"
        type="date"
        label={t(texts.since)}
        hint={t(texts.sinceHint)}
        defaultValue={settings.analyzeActivitySince.slice(0, 10)}
      />
      {NUMBERS.map(({ name, label }) => (
        <TextField
          key={name}
          name={`settings.${name}`}
          type="number"
          label={t(label)}
          defaultValue={String(settings[name])}
        />
      ))}
      <CheckField name="settings.splitDisplayName" label={t(texts.split)} defaultChecked={settings.splitDisplayName} />
    </SavedForm>
  );
}

/** Only what was changed: the instant of a day that stayed keeps its hour. */
function settingsFrom(form: FormData, before: Connection["settings"]): Record<string, unknown> {
  const day = String(form.get("settings.analyzeActivitySince"));
  const isSameDay = day === before.analyzeActivitySince.slice(0, 10);
  const numbers = NUMBERS.map(({ name }) => [name, Number(form.get(`settings.${name}`))] as const);
  return {
    ...(isSameDay ? {} : { analyzeActivitySince: `${day}T00:00:00Z` }),
    ...Object.fromEntries(numbers.filter(([name, value]) => value !== before[name])),
    splitDisplayName: form.get("settings.splitDisplayName") !== null,
  };
}

function Schedules({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const jobs = useApi(
    "jobs.list",
    { query: { connectionId: connection.id, limit: 50 } },
    { enabled: may("jobs:read") },
  );
  if (!may("jobs:read")) return null;
  return (
    <Section title={texts.schedules}>
      <Shown query={jobs} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t(texts.schedulesNone)}</p>
          ) : (
            items.map((job) => <Schedule key={`${job.id} ${job.cron}`} job={job} />)
          )
        }
      </Shown>
    </Section>
  );
}

function Schedule({ job }: { job: RowOf<"jobs.list"> }): ReactNode {
  const may = useMay();
  const queries = useQueryClient();
  const [error, setError] = useState<Error | null>(null);
  const { id: jobId, name, cron, schedule, enabled } = job;
  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setError(null);
    try {
      const body = { cron: String(form.get("cron")).trim(), enabled: form.get("enabled") !== null };
      await callApi("jobs.change", { params: { jobId }, body });
      say(t(texts.jobSaved, { name }));
      await queries.invalidateQueries({ queryKey: ["jobs"] });
    } catch (thrown) {
      setError(thrown as Error);
    }
  }
  return (
    <form className={classes["form"]} noValidate onSubmit={(event) => void save(event)}>
      <FormErrors problem={error}>
        <fieldset disabled={!may("jobs:write")} className={classes["form"]}>
          <TextField
            name="cron"
            label={t(texts.cron, { name })}
            hint={t(texts.cronHint, { words: schedule })}
            defaultValue={cron}
            autoComplete="off"
          />
          <CheckField name="enabled" label={t(texts.enabledOf, { name })} defaultChecked={enabled} />
        </fieldset>
      </FormErrors>
      {error && !isOfFields(error) && <Failure error={error} title={texts.notSaved} />}
      {may("jobs:write") && (
        <div>
          <Button type="submit">{t(texts.save)}</Button>
        </div>
      )}
    </form>
  );
}
