import { type FormEvent, type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button, buttonClass } from "../../parts/button.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Banner, Failure, Shown } from "../../parts/states.tsx";
import { OpenPage } from "../../shell/open-page.tsx";
import { localPath, useSignedIn } from "../../shell/signed-in.ts";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** What single sign-on may come back with, in words. */
const REFUSALS: Readonly<Record<string, Text>> = {
  "sso-off": texts.ssoOff,
  "sso-unreachable": texts.ssoUnreachable,
  "sso-expired": texts.ssoExpired,
  "sso-state": texts.ssoState,
  "sso-declined": texts.ssoDeclined,
  "sso-failed": texts.ssoFailed,
  "unknown-person": texts.unknownPerson,
  "other-subject": texts.otherSubject,
  "operator-ended": texts.operatorEnded,
  "no-role": texts.noRole,
};

/** Where one signs in; afterwards back to the address one wanted (`next`). */
export function Page(): ReactNode {
  const options = useApi("session.options");
  const { state } = useUrlState();
  const next = localPath(state["next"]);
  const refused = state["error"];
  return (
    <OpenPage title={texts.title}>
      {refused !== undefined && <Banner kind="danger">{t(REFUSALS[refused] ?? texts.ssoFailed)}</Banner>}
      {state["ended"] !== undefined && <Banner kind="info">{t(texts.ended)}</Banner>}
      <Shown query={options} rows={3}>
        {({ password, oidc, needsFirstAdmin }) =>
          needsFirstAdmin ? (
            <p>{t(texts.noWay)}</p>
          ) : (
            <div className={classes["ways"]}>
              {oidc && (
                <a className={buttonClass} data-kind="primary" href={`/sign-in/sso?next=${encodeURIComponent(next)}`}>
                  {oidc.label}
                </a>
              )}
              {oidc && password && <p className={classes["or"]}>{t(texts.or)}</p>}
              {password && <PasswordForm next={next} kind={oidc ? "plain" : "primary"} />}
              {!password && !oidc && <p>{t(texts.linksOnly)}</p>}
              <p className={classes["help"]}>{t(texts.forgotten)}</p>
            </div>
          )
        }
      </Shown>
    </OpenPage>
  );
}

function PasswordForm({ next, kind }: { next: string; kind: "primary" | "plain" }): ReactNode {
  const signedIn = useSignedIn();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const body = { email: form.get("email"), password: form.get("password") };
      signedIn(await callApi("session.signIn", { body }), next);
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  return (
    <form className={classes["form"]} onSubmit={(event) => void submit(event)} noValidate>
      <FormErrors problem={error}>
        <TextField name="email" label={t(texts.email)} type="email" autoComplete="username" required />
        <TextField name="password" label={t(texts.password)} type="password" autoComplete="current-password" required />
      </FormErrors>
      {error && <Failure error={error} title={texts.notSignedIn} />}
      <Button kind={kind} type="submit" isBusy={isBusy}>
        {t(texts.signIn)}
      </Button>
    </form>
  );
}
