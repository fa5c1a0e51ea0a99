import { type ReactNode, useState } from "react";
import type { AnswerFor, RowOf } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { Id } from "../../../parts/copy.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { Section } from "../../../parts/page.tsx";
import { SlideOut } from "../../../parts/slide-out.tsx";
import { Banner, Shown } from "../../../parts/states.tsx";
import { PlainList } from "../../../parts/table/plain-list.tsx";
import type { Column } from "../../../parts/table/table-types.ts";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { MESSAGE_COLUMNS } from "./message-columns.tsx";
import { texts } from "./texts.ts";
import { WebhookDialog } from "./webhook-dialog.tsx";

type Webhook = AnswerFor<"webhooks.get">;
type Delivery = RowOf<"webhooks.deliveries">;

interface PanelProps {
  webhookId: string | null;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

/** One webhook: its acts, and what it was told. */
export function WebhookPanel({ webhookId, onClose, onSecret }: PanelProps): ReactNode {
  const webhook = useApi("webhooks.get", { params: { webhookId: webhookId ?? "" } }, { enabled: webhookId !== null });
  return (
    <SlideOut
      isOpen={webhookId !== null}
      title={webhook.data?.name ?? t(texts.webhook)}
      about={webhookId && <Id id={webhookId} />}
      onClose={onClose}
    >
      <Shown query={webhook}>
        {(found) => (
          <div className={classes["section"]}>
            {found.disabledReason && <Banner kind="warn">{found.disabledReason}</Banner>}
            <dl className={classes["facts"]}>
              <dt>{t(texts.url)}</dt>
              <dd>{found.url}</dd>
              <dt>{t(texts.events)}</dt>
              <dd>{found.events.join(", ")}</dd>
            </dl>
            <Acts webhook={found} onSecret={onSecret} onDeleted={onClose} />
            <Section title={texts.deliveries}>
              <Deliveries webhookId={found.id} />
            </Section>
          </div>
        )}
      </Shown>
    </SlideOut>
  );
}

function Acts({
  webhook,
  onSecret,
  onDeleted,
}: {
  webhook: Webhook;
  onSecret: (secret: string) => void;
  onDeleted: () => void;
}): ReactNode {
  const may = useMay();
  const params = { webhookId: webhook.id };
  const test = useChange("webhooks.test", ["messages"]);
  const change = useChange("webhooks.change");
  const rotate = useChange("webhooks.rotate");
  const remove = useChange("webhooks.delete", ["notifications"]);
  const [asked, setAsked] = useState<"change" | "rotate" | "delete" | null>(null);
  if (!may("notifications:write")) return null;
  const isOn = webhook.state === "active";
  const close = () => setAsked(null);
  return (
    <div className={classes["row"]}>
      {isOn && (
        <Button
          isBusy={test.isPending}
          onClick={() => test.mutate({ params }, { onSuccess: () => say(t(texts.tested)), onError: sayProblem })}
        >
          {t(texts.test)}
        </Button>
      )}
      <Button onClick={() => setAsked("change")}>{t(texts.change)}</Button>
      <Button
        isBusy={change.isPending}
        onClick={() =>
          change.mutate(
            { params, ifMatch: webhook.revision, body: { state: isOn ? "disabled" : "active" } },
            { onError: sayProblem },
          )
        }
      >
        {t(isOn ? texts.disable : texts.enable)}
      </Button>
      <Button onClick={() => setAsked("rotate")}>{t(texts.rotate)}</Button>
      <Button kind="danger" onClick={() => setAsked("delete")}>
        {t(texts.delete)}
      </Button>
      <WebhookDialog isOpen={asked === "change"} webhook={webhook} onClose={close} onSecret={onSecret} />
      <Confirm
        isOpen={asked === "rotate"}
        onClose={close}
        title={t(texts.rotateTitle, { name: webhook.name })}
        act={t(texts.rotate)}
        onConfirm={async () => onSecret((await rotate.mutateAsync({ params, body: { overlapHours: 24 } })).secret)}
      >
        <p>{t(texts.rotateMeans)}</p>
      </Confirm>
      <Confirm
        isOpen={asked === "delete"}
        onClose={close}
        title={t(texts.deleteTitle, { name: webhook.name })}
        act={t(texts.delete)}
        isDangerous
        onConfirm={async () => {
          await remove.mutateAsync({ params });
          onDeleted();
        }}
      >
        <p>{t(texts.deleteMeans)}</p>
      </Confirm>
    </div>
  );
}

function Deliveries({ webhookId }: { webhookId: string }): ReactNode {
  const may = useMay();
  const replay = useChange("webhooks.replay", ["messages"]);
  const columns: readonly Column<Delivery>[] = [
    ...MESSAGE_COLUMNS.filter(({ id }) => id !== "recipient"),
    {
      id: "act",
      label: texts.act,
      width: 120,
      cell: ({ id: messageId, state }) =>
        state !== "waiting" &&
        may("notifications:write") && (
          <Button
            onClick={() =>
              replay.mutate(
                { params: { webhookId, messageId } },
                { onSuccess: () => say(t(texts.replayed)), onError: sayProblem },
              )
            }
          >
            {t(texts.replay)}
          </Button>
        ),
    },
  ];
  return (
    <PlainList
      list="webhooks.deliveries"
      label={t(texts.deliveries)}
      params={{ webhookId }}
      columns={columns}
      rowId={({ id }) => id}
      empty={<p className={classes["muted"]}>{t(texts.noDeliveries)}</p>}
    />
  );
}
