import { useParams } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { Button } from "../../parts/button.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Failure, isOfFields } from "../../parts/states.tsx";
import { OpenPage } from "../../shell/open-page.tsx";
import { useSignedIn } from "../../shell/signed-in.ts";
import { t } from "../../text/t.ts";
import classes from "../sign-in/page.module.css";
import { texts } from "./texts.ts";

/** An invitation, or a reset: sets a password by a one-time link and signs in. Opening it uses nothing up. */
export function Page(): ReactNode {
  const { code } = useParams({ strict: false }) as { code: string };
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
      signedIn(await callApi("session.welcome", { body: { code, password: form.get("password") } }));
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  return (
    <OpenPage title={texts.title}>
      <p>{t(texts.about)}</p>
      <form className={classes["form"]} onSubmit={(event) => void submit(event)} noValidate>
        <FormErrors problem={error}>
          <TextField
            name="password"
            label={t(texts.password)}
            hint={t(texts.passwordHint)}
            type="password"
            autoComplete="new-password"
            required
          />
        </FormErrors>
        {error && !isOfFields(error) && <Failure error={error} title={texts.notSet} />}
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {t(texts.set)}
        </Button>
      </form>
    </OpenPage>
  );
}
