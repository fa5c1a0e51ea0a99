import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { TextArea } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import { Banner, Shown } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import { useMay } from "../../../shell/session.tsx";
import { Rich } from "../../../text/rich.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { MESSAGE_COLUMNS, MESSAGE_FILTERS } from "../webhooks/message-columns.tsx";
import { readReceivers, receiversText } from "./receivers.ts";
import { texts } from "./texts.ts";

type Setting = AnswerFor<"notifications.list">["items"][number];

/** Who is told of what, how, and how the mails went. */
export function Notifications(): ReactNode {
  const may = useMay();
  const status = useApi("status.get");
  const settings = useApi("notifications.list");
  const [editing, setEditing] = useState<Setting | null>(null);
  return (
    <>
      {status.data && !status.data.isMailSet && <Banner kind="warn">{t(texts.noMail)}</Banner>}
      <p className={classes["text"]}>
        <Rich
          text={texts.about}
          parts={{ webhooks: (words) => <Link to={"/settings/webhooks" as string}>{words}</Link> }}
        />
      </p>
      <Shown query={settings}>
        {({ items }) => (
          <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.matrix)}>
            <table className={classes["table"]}>
              <thead>
                <tr>
                  <th scope="col">{t(texts.when)}</th>
                  <th scope="col">{t(texts.now)}</th>
                  <th scope="col">{t(texts.digest)}</th>
                  <th scope="col">{t(texts.webhooks)}</th>
                  {may("notifications:write") && <th scope="col">{t(texts.act)}</th>}
                </tr>
              </thead>
              <tbody>
                {items.map((setting) => (
                  <tr key={setting.kind}>
                    <th scope="row">
                      {setting.when} <div className={classes["muted"]}>{setting.kind}</div>
                    </th>
                    <td>{receiversOf(setting, "now")}</td>
                    <td>{receiversOf(setting, "digest")}</td>
                    <td>{setting.webhooks.join(", ")}</td>
                    {may("notifications:write") && (
                      <td>
                        <Button
                          aria-label={t(texts.changeKind, { when: setting.when })}
                          onClick={() => setEditing(setting)}
                        >
                          {t(texts.change)}
                        </Button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
      <Section title={texts.mails}>
        <DataTable
          list="messages.list"
          label={t(texts.mails)}
          query={{ channel: "mail" }}
          columns={MESSAGE_COLUMNS}
          filters={MESSAGE_FILTERS}
          rowId={({ id }) => id}
          rowName={({ kind }) => kind}
          empty={<p className={classes["muted"]}>{t(texts.noMails)}</p>}
        />
      </Section>
      <ReceiversDialog setting={editing} onClose={() => setEditing(null)} />
    </>
  );
}

function receiversOf({ receivers }: Setting, how: "now" | "digest"): string {
  return receivers
    .filter((each) => each.how === how)
    .map(({ to }) => receiverName(to))
    .join(", ");
}

function receiverName(to: string): string {
  if (to === "connection-owners") return t(texts.connectionOwners);
  if (to === "owner") return t(texts.owner);
  return to.replace(/^(role|address):/, "");
}

function ReceiversDialog({ setting, onClose }: { setting: Setting | null; onClose: () => void }): ReactNode {
  const set = useChange("notifications.set");

  async function submit(form: FormData): Promise<void> {
    if (!setting) return;
    const receivers = [
      ...readReceivers(String(form.get("receivers")), "now"),
      ...readReceivers(String(form.get("digest")), "digest"),
    ];
    await set.mutateAsync({ params: { kind: setting.kind }, ifMatch: setting.revision, body: { receivers } });
  }

  return (
    <FormDialog
      isOpen={setting !== null}
      onClose={onClose}
      title={setting?.when ?? ""}
      act={t(texts.save)}
      onSubmit={submit}
    >
      <TextArea
        name="receivers"
        label={t(texts.now)}
        hint={t(texts.receiversHint)}
        defaultValue={receiversText(setting?.receivers ?? [], "now")}
        isOptional
      />
      <TextArea
        name="digest"
        label={t(texts.digest)}
        defaultValue={receiversText(setting?.receivers ?? [], "digest")}
        isOptional
      />
      {setting && !setting.isDefault && (
        <div>
          <Button
            onClick={() =>
              set.mutate(
                { params: { kind: setting.kind }, ifMatch: setting.revision, body: { receivers: null } },
                { onSuccess: onClose },
              )
            }
          >
            {t(texts.asItComes)}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}
