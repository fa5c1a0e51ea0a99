import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button, buttonClass } from "../../parts/button.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Failure, Shown } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Where one signs in; afterwards back to the address one wanted (`next`). */
export function Page(): ReactNode {
  const options = useApi("session.options");
  const { state } = useUrlState();
  const next = localPath(state["next"]);
  return (
    <main className={classes["page"]}>
      <Frame title={texts.title}>
        <Shown query={options} rows={3}>
          {({ password, oidc, needsFirstAdmin }) => (
            <>
              {needsFirstAdmin && <p>{t(texts.noWay)}</p>}
              {oidc && (
                <a className={buttonClass} data-kind="primary" href={`/sign-in/sso?next=${encodeURIComponent(next)}`}>
                  {t(texts.sso, { label: oidc.label })}
                </a>
              )}
              {password && <PasswordForm next={next} />}
            </>
          )}
        </Shown>
      </Frame>
    </main>
  );
}

/** Only an address of this server: a link must not lead away. */
function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}

function PasswordForm({ next }: { next: string }): ReactNode {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const session = await callApi("session.signIn", {
        body: { email: form.get("email"), password: form.get("password") },
      });
      queries.setQueryData(["session", "current"], session);
      await navigate({ to: next, replace: true });
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={classes["form"]} onSubmit={(event) => void submit(event)} noValidate>
      <FormErrors problem={error}>
        <TextField name="email" label={t(texts.email)} type="email" autoComplete="username" required />
        <TextField name="password" label={t(texts.password)} type="password" autoComplete="current-password" required />
      </FormErrors>
      {error && <Failure error={error} />}
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {t(texts.signIn)}
      </Button>
    </form>
  );
}
