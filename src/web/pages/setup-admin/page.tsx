import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Failure, isOfFields, Shown } from "../../parts/states.tsx";
import { OpenPage } from "../../shell/open-page.tsx";
import { useSignedIn } from "../../shell/signed-in.ts";
import { useUrlState } from "../../shell/url-state.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "../sign-in/page.module.css";
import { texts } from "./texts.ts";

/** The first step of setting Usher up: who holds the code that the start printed becomes the first admin. */
export function Page(): ReactNode {
  const options = useApi("session.options");
  const { state } = useUrlState();
  return (
    <OpenPage title={texts.title}>
      <Shown query={options} rows={4}>
        {({ needsFirstAdmin }) =>
          needsFirstAdmin ? (
            <>
              <p>{t(texts.about)}</p>
              <FirstAdminForm code={state["code"] ?? ""} />
            </>
          ) : (
            <p>
              <Rich text={texts.hasAdmin} parts={{ signIn: (words) => <Link to="/sign-in">{words}</Link> }} />
            </p>
          )
        }
      </Shown>
    </OpenPage>
  );
}

function FirstAdminForm({ code }: { code: string }): ReactNode {
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
      const body = {
        code: form.get("code") ?? code,
        name: form.get("name"),
        email: form.get("email"),
        password: form.get("password"),
      };
      signedIn(await callApi("session.firstAdmin", { body }), "/setup");
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  return (
    <form className={classes["form"]} onSubmit={(event) => void submit(event)} noValidate>
      <FormErrors problem={error}>
        {code === "" && (
          <TextField name="code" label={t(texts.code)} hint={t(texts.codeHint)} autoComplete="one-time-code" required />
        )}
        <TextField name="name" label={t(texts.name)} autoComplete="name" required />
        <TextField name="email" label={t(texts.email)} type="email" autoComplete="username" required />
        <TextField
          name="password"
          label={t(texts.password)}
          hint={t(texts.passwordHint)}
          type="password"
          autoComplete="new-password"
          required
        />
      </FormErrors>
      {error && !isOfFields(error) && <Failure error={error} title={texts.notMade} />}
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {t(texts.make)}
      </Button>
    </form>
  );
}
