import { type ReactNode, useState } from "react";
import type { AnswerFor, RowOf } from "../../api/call.ts";
import { callApi } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField, SelectField, TextField } from "../../parts/form.tsx";
import { Failure } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { ruleOf } from "./rule-body.ts";
import { sayField } from "./rule-words.ts";
import { texts } from "./texts.ts";

type Rule = RowOf<"match-rules.list">;
type Preview = AnswerFor<"match-rules.preview">;

const ACCOUNT_FIELDS = ["email", "username", "displayName", "accountId"] as const;
const PERSON_FIELDS = ["externalId", "email", "userName", "displayName"] as const;
const NOUNS = ["accounts", "people", "overview"];

/** A match rule, and what it would do before it is saved. */
export function RuleForm({
  rule,
  rules,
  onClose,
}: {
  rule: Rule | null;
  rules: readonly Rule[];
  onClose: () => void;
}): ReactNode {
  const create = useChange("match-rules.create", NOUNS);
  const change = useChange("match-rules.change", NOUNS);
  return (
    <FormDialog
      isOpen
      isWide
      onClose={onClose}
      title={rule === null ? t(texts.addRule) : t(texts.editRuleTitle, { rule: rule.name })}
      act={t(rule === null ? texts.addRule : texts.saveRule)}
      onSubmit={async (form) => {
        const body = ruleOf(form, rule);
        if (rule === null) await create.mutateAsync({ body });
        else await change.mutateAsync({ params: { ruleId: rule.id }, body });
        say(t(texts.ruleSaved, { rule: body.name }));
      }}
    >
      <p className={classes["muted"]}>{t(texts.ruleWhat)}</p>
      <TextField name="name" label={t(texts.ruleName)} maxLength={100} defaultValue={rule?.name ?? ""} />
      <div className={classes["row"]}>
        <FieldChoice
          name="accountField"
          label={t(texts.accountField)}
          fields={ACCOUNT_FIELDS}
          value={rule?.accountField}
        />
        <FieldChoice name="personField" label={t(texts.personField)} fields={PERSON_FIELDS} value={rule?.personField} />
      </div>
      <div className={classes["row"]}>
        <SelectField
          name="source"
          label={t(texts.source)}
          choices={[
            { value: "", label: t(texts.anySource) },
            { value: "confluence-cloud", label: t(texts.cloud) },
            { value: "confluence-data-center", label: t(texts.dataCenter) },
          ]}
          defaultValue={rule?.source ?? ""}
        />
        <SelectField
          name="confidence"
          label={t(texts.confidence)}
          hint={t(texts.confidenceHint)}
          choices={[
            { value: "likely", label: t(texts.likely) },
            { value: "exact", label: t(texts.exact) },
          ]}
          defaultValue={rule?.confidence ?? "likely"}
        />
      </div>
      {rule === null ? (
        <>
          <CheckField name="ignoreCase" label={t(texts.ignoreCase)} defaultChecked />
          <CheckField name="stripDomain" label={t(texts.stripDomainBoth)} hint={t(texts.stripDomainHint)} />
        </>
      ) : (
        <p className={classes["muted"]}>{t(texts.transformsStay)}</p>
      )}
      <CheckField name="isEnabled" label={t(texts.isOn)} defaultChecked={rule?.isEnabled ?? true} />
      <PreviewRules rule={rule} rules={rules} />
    </FormDialog>
  );
}

function FieldChoice({
  name,
  label,
  fields,
  value,
}: {
  name: string;
  label: string;
  fields: readonly string[];
  value: string | undefined;
}): ReactNode {
  // What an attribute's rule says stays choosable: the guide tells how one is made.
  const all = value === undefined || fields.includes(value) ? fields : [...fields, value];
  return (
    <SelectField
      name={name}
      label={label}
      choices={all.map((field) => ({ value: field, label: sayField(field) }))}
      defaultValue={value ?? "email"}
    />
  );
}

/** What all rules together would do with this one as the form says it, without saving it. */
function PreviewRules({ rule, rules }: { rule: Rule | null; rules: readonly Rule[] }): ReactNode {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function ask(form: HTMLFormElement): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const body = ruleOf(new FormData(form), rule);
      const others = rules.map(asSaved);
      const next =
        rule === null ? [...others, body] : others.map((each) => (each.id === rule.id ? { ...each, ...body } : each));
      setPreview(await callApi("match-rules.preview", { body: { rules: next } }));
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div>
      <Button isBusy={isBusy} onClick={(event) => event.currentTarget.form && void ask(event.currentTarget.form)}>
        {t(texts.preview)}
      </Button>
      {error && <Failure error={error} />}
      {preview && (
        <div role="status">
          <p>
            {t(texts.previewCounts, {
              matched: preview.next.matched - preview.now.matched,
              total: preview.next.matched,
              ambiguous: preview.next.ambiguous,
              unmatched: preview.next.unmatched,
              moved: preview.moved,
              changed: preview.changed,
            })}
          </p>
          <ul>
            {preview.changes.slice(0, SHOWN_MAX).map(({ accountId, name, site, from, to }) => (
              <li key={accountId}>{t(texts.previewChange, { name, site, from: from ?? "unmatched", to })}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

const SHOWN_MAX = 20;

/** A saved rule as the preview takes it: without what only the server says of it. */
function asSaved({ id, name, source, confidence, isEnabled, ...fields }: Rule) {
  const { accountField, accountTransforms, personField, personTransforms } = fields;
  return {
    id,
    name,
    source,
    accountField,
    accountTransforms,
    personField,
    personTransforms,
    confidence,
    isEnabled,
  };
}
