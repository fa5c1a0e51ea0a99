import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { CopyButton } from "../../../parts/copy.tsx";
import { CheckField } from "../../../parts/form.tsx";
import { SettingsForm } from "../../../parts/settings-form.tsx";
import { Shown } from "../../../parts/states.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { bodyOf } from "./read-form.ts";
import { SsoFields } from "./sso-fields.tsx";
import { texts } from "./texts.ts";

type Settings = AnswerFor<"sign-in-settings.get">;

/** How people sign in: by password, by single sign-on. */
export function SignIn(): ReactNode {
  const settings = useApi("sign-in-settings.get");
  return <Shown query={settings}>{(found) => <SignInForm settings={found} onReload={settings.refetch} />}</Shown>;
}

function SignInForm({ settings, onReload }: { settings: Settings; onReload: () => Promise<unknown> }): ReactNode {
  const may = useMay();
  const change = useChange("sign-in-settings.change", ["session"]);
  return (
    <SettingsForm
      id="sign-in"
      isReadOnly={!may("*")}
      onReload={onReload}
      onSave={(form) => change.mutateAsync({ ifMatch: settings.revision, body: bodyOf(form) })}
    >
      {!may("*") && <p>{t(texts.adminsOnly)}</p>}
      <CheckField
        name="passwords"
        value="on"
        defaultChecked={settings.passwords}
        label={t(texts.passwords)}
        hint={t(texts.passwordsHint)}
      />
      <Sso settings={settings} />
    </SettingsForm>
  );
}

function Sso({ settings: { sso, redirectUrl, signOutRedirectUrl } }: { settings: Settings }): ReactNode {
  const [isOn, setOn] = useState(sso !== null);
  return (
    <>
      <CheckField
        name="isSsoOn"
        value="on"
        defaultChecked={isOn}
        onChange={(event) => setOn(event.target.checked)}
        label={t(texts.sso)}
        hint={t(texts.ssoHint)}
      />
      {isOn && (
        <>
          <dl className={classes["facts"]}>
            <dt>{t(texts.redirectUrl)}</dt>
            <dd>
              <code>{redirectUrl}</code> <CopyButton text={redirectUrl} label={t(texts.copyRedirectUrl)} />
            </dd>
            <dt>{t(texts.signOutRedirectUrl)}</dt>
            <dd>
              <code>{signOutRedirectUrl}</code>{" "}
              <CopyButton text={signOutRedirectUrl} label={t(texts.copySignOutRedirectUrl)} />
            </dd>
          </dl>
          <SsoFields sso={sso} />
        </>
      )}
    </>
  );
}
