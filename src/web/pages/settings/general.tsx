import type { ReactNode } from "react";
import { useApi, useChange } from "../../api/query.ts";
import { TextField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { SettingsForm } from "../../parts/settings-form.tsx";
import { Shown } from "../../parts/states.tsx";
import { useMay } from "../../shell/session.tsx";
import { WithCode } from "../../text/code.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** What this Usher is called, where it is, and what its environment sets. */
export function General(): ReactNode {
  const settings = useApi("settings.get");
  const general = useApi("settings.general");
  const change = useChange("settings.set-general");
  const may = useMay();
  return (
    <>
      <Shown query={general} rows={3}>
        {({ name, timeZone, revision }) => (
          <SettingsForm
            id="general"
            isReadOnly={!may("*")}
            onReload={general.refetch}
            onSave={(form) =>
              change.mutateAsync({
                ifMatch: revision,
                body: { name: form.get("name"), timeZone: form.get("timeZone") },
              })
            }
          >
            <TextField name="name" label={t(texts.name)} hint={t(texts.nameHint)} defaultValue={name} />
            <TextField
              name="timeZone"
              label={t(texts.timeZone)}
              hint={t(texts.timeZoneHint)}
              defaultValue={timeZone}
              list="time-zones"
              autoComplete="off"
            />
            <datalist id="time-zones">
              {Intl.supportedValuesOf("timeZone").map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </datalist>
          </SettingsForm>
        )}
      </Shown>
      <Shown query={settings}>
        {({ publicUrl, isMailSet, environment, retention }) => (
          <>
            <dl className={classes["facts"]}>
              <dt>{t(texts.publicUrl)}</dt>
              <dd>{publicUrl}</dd>
              <dt>{t(texts.mail)}</dt>
              <dd>{t(isMailSet ? texts.mailSet : texts.mailNotSet)}</dd>
            </dl>
            <Section title={texts.environment}>
              <p className={classes["text"]}>{t(texts.environmentAbout)}</p>
              <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.environment)}>
                <table className={classes["table"]}>
                  <thead>
                    <tr>
                      <th scope="col">{t(texts.variable)}</th>
                      <th scope="col">{t(texts.value)}</th>
                      <th scope="col">{t(texts.meaning)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {environment.map((each) => (
                      <tr key={each.name}>
                        <th scope="row">
                          <code>{each.name}</code>
                        </th>
                        <td>{valueOf(each)}</td>
                        <td>
                          <WithCode text={each.meaning} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Section>
            <Section title={texts.retention}>
              <table className={classes["table"]}>
                <thead>
                  <tr>
                    <th scope="col">{t(texts.what)}</th>
                    <th scope="col">{t(texts.after)}</th>
                  </tr>
                </thead>
                <tbody>
                  {retention.map(({ what, days }) => (
                    <tr key={what}>
                      <th scope="row">{what}</th>
                      <td>{t(texts.days, { days })}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Section>
          </>
        )}
      </Shown>
    </>
  );
}

interface Variable {
  isSet: boolean;
  value: string | null;
  default: string;
}

function valueOf({ isSet, value, default: fallback }: Variable): string {
  if (value !== null) return value;
  if (isSet) return t(texts.isSet);
  return fallback === "" ? t(texts.isNotSet) : t(texts.asDefault, { value: fallback });
}
