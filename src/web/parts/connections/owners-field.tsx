import { type ReactNode, useRef } from "react";
import { useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { Button } from "../button.tsx";
import { TextField } from "../form.tsx";
import { connectionTexts as texts } from "./texts.ts";

/** E-mails separated by commas, semicolons or blanks, each once. */
export function ownersFrom(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter((each) => each !== ""))];
}

/** Who answers for a connection: oneself, others, several. */
export function OwnersField({ owners }: { owners: readonly string[] }): ReactNode {
  const { operator } = useSession();
  const field = useRef<HTMLDivElement>(null);
  function addMe(): void {
    const input = field.current?.querySelector("input");
    if (!input || !operator.email) return;
    input.value = ownersFrom(`${input.value} ${operator.email}`).join(", ");
    input.focus();
  }
  return (
    <>
      <div ref={field}>
        <TextField
          name="owners"
          label={t(texts.owners)}
          hint={t(texts.ownersHint)}
          defaultValue={owners.join(", ")}
          autoComplete="off"
        />
      </div>
      {operator.email && (
        <div>
          <Button onClick={addMe}>{t(texts.ownersMe)}</Button>
        </div>
      )}
    </>
  );
}
