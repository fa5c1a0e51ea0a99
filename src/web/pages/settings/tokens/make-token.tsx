import type { ReactNode } from "react";
import { useChange } from "../../../api/query.ts";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { CheckField, SelectField, TextField } from "../../../parts/form.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { texts } from "./texts.ts";

/** What a token may be given; `*` is everything. Those that one has oneself are offered. */
const SCOPES = [
  "*",
  "connections:read",
  "connections:write",
  "inventory:read",
  "licenses:read",
  "licenses:write",
  "people:write",
  "evidence:write",
  "reclamation:read",
  "reclamation:write",
  "exclusions:read",
  "exclusions:write",
  "runs:read",
  "runs:write",
  "jobs:read",
  "jobs:write",
  "journal:read",
  "plans:read",
  "plans:write",
  "operators:read",
  "operators:write",
  "tokens:read",
  "tokens:write",
  "notifications:read",
  "notifications:write",
  "settings:read",
  "settings:write",
  "backup:read",
  "backup:write",
] as const;

const LIVES = [
  { value: "30", label: t(texts.days, { days: 30 }) },
  { value: "90", label: t(texts.days, { days: 90 }) },
  { value: "365", label: t(texts.days, { days: 365 }) },
  { value: "never", label: t(texts.neverExpires) },
];

interface MakeTokenProps {
  isOpen: boolean;
  /** For whoever makes it, and for no service account. */
  isOwn: boolean;
  onClose: () => void;
  onMade: (token: string) => void;
}

export function MakeToken({ isOpen, isOwn, onClose, onMade }: MakeTokenProps): ReactNode {
  const may = useMay();
  const make = useChange("tokens.create", ["operators"]);

  async function submit(form: FormData): Promise<void> {
    const life = String(form.get("expiresInDays"));
    const serviceAccount = String(form.get("serviceAccount") ?? "").trim();
    const { token } = await make.mutateAsync({
      body: {
        name: form.get("name"),
        scopes: form.getAll("scopes"),
        expiresInDays: life === "never" ? null : Number(life),
        ...(serviceAccount === "" ? {} : { serviceAccount }),
      },
    });
    onMade(token);
  }

  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.makeTitle)}
      act={t(texts.make)}
      onSubmit={submit}
      isWide
    >
      <TextField name="name" label={t(texts.name)} hint={t(texts.nameHint)} autoComplete="off" required />
      {!isOwn && may("*") && (
        <TextField
          name="serviceAccount"
          label={t(texts.serviceAccount)}
          hint={t(texts.serviceAccountHint)}
          autoComplete="off"
          isOptional
        />
      )}
      <SelectField name="expiresInDays" label={t(texts.expires)} choices={LIVES} defaultValue="365" />
      <fieldset className={classes["checks"]}>
        <legend>{t(texts.scopes)}</legend>
        {SCOPES.filter((scope) => may(scope)).map((scope) => (
          <CheckField key={scope} name="scopes" value={scope} label={scope === "*" ? t(texts.everything) : scope} />
        ))}
      </fieldset>
    </FormDialog>
  );
}
