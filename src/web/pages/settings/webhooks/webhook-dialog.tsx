import type { ReactNode } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { CheckField, TextField } from "../../../parts/form.tsx";
import { Shown } from "../../../parts/states.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { texts } from "./texts.ts";

interface WebhookDialogProps {
  isOpen: boolean;
  /** Null: a new one. */
  webhook: AnswerFor<"webhooks.get"> | null;
  onClose: () => void;
  /** A new one's secret, which is told once. */
  onSecret: (secret: string) => void;
}

/** Where a webhook goes and what it is told of. */
export function WebhookDialog({ isOpen, webhook, onClose, onSecret }: WebhookDialogProps): ReactNode {
  const create = useChange("webhooks.create", ["notifications"]);
  const change = useChange("webhooks.change", ["notifications"]);
  const kinds = useApi("notifications.list", {}, { enabled: isOpen });

  async function submit(form: FormData): Promise<void> {
    const body = { name: form.get("name"), url: form.get("url"), events: form.getAll("events") };
    if (webhook) {
      await change.mutateAsync({ params: { webhookId: webhook.id }, ifMatch: webhook.revision, body });
    } else {
      const { secret } = await create.mutateAsync({ body });
      onSecret(secret);
    }
  }

  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t(webhook ? texts.changeTitle : texts.makeTitle)}
      act={t(webhook ? texts.save : texts.make)}
      onSubmit={submit}
      isWide
    >
      <TextField name="name" label={t(texts.name)} defaultValue={webhook?.name} autoComplete="off" required />
      <TextField
        name="url"
        label={t(texts.url)}
        hint={t(texts.urlHint)}
        type="url"
        defaultValue={webhook?.url}
        autoComplete="off"
        required
      />
      <Shown query={kinds} rows={4}>
        {({ items }) => (
          <fieldset className={classes["stack"]}>
            <legend>{t(texts.events)}</legend>
            {items.map(({ kind, when }) => (
              <CheckField
                key={kind}
                name="events"
                value={kind}
                defaultChecked={webhook?.events.includes(kind) ?? false}
                label={kind}
                hint={when}
              />
            ))}
          </fieldset>
        )}
      </Shown>
    </FormDialog>
  );
}
