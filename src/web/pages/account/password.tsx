import { type FormEvent, type ReactNode, useState } from "react";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Failure, isOfFields } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

export function Password(): ReactNode {
  const { hasPassword, through } = useSession();
  if (through === "token") return <p>{t(texts.passwordByToken)}</p>;
  return hasPassword ? <PasswordForm /> : <p>{t(texts.noPassword)}</p>;
}

/** Changing it ends every other session of one's own. */
function PasswordForm(): ReactNode {
  const change = useChange("session.password", ["sessions"]);

  const [error, setError] = useState<Error | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const { current, password } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    setError(null);
    try {
      await change.mutateAsync({ body: { current, password } });
      form.reset();
      say(t(texts.passwordChanged));
    } catch (thrown) {
      setError(thrown as Error);
    }
  }

  return (
    <form className={classes["choices"]} noValidate onSubmit={(event) => void submit(event)}>
      <p>{t(texts.passwordAbout)}</p>
      <FormErrors problem={error}>
        <TextField name="current" label={t(texts.currentPassword)} type="password" autoComplete="current-password" />
        <TextField
          name="password"
          label={t(texts.newPassword)}
          hint={t(texts.passwordHint)}
          type="password"
          autoComplete="new-password"
        />
      </FormErrors>
      {error && !isOfFields(error) && <Failure error={error} title={texts.passwordNotChanged} />}
      <div>
        <Button kind="primary" type="submit" isBusy={change.isPending}>
          {t(texts.changePassword)}
        </Button>
      </div>
    </form>
  );
}
