import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { t } from "../text/t.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy.tsx";
import classes from "./copy.module.css";
import dialog from "./dialog.module.css";
import { partTexts as texts } from "./texts.ts";

/** A secret or a one-time link that the server tells this once. Only its button closes it, not a click beside it. */
export function ShownOnce({
  title,
  secret,
  children,
  onClose,
}: {
  title: string;
  secret: string | null;
  children?: ReactNode;
  onClose: () => void;
}): ReactNode {
  return (
    <Dialog.Root open={secret !== null} disablePointerDismissal onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={dialog["popup"]} data-wide="true">
          <Dialog.Title className={dialog["title"]}>{title}</Dialog.Title>
          <Dialog.Description>{t(texts.once)}</Dialog.Description>
          {secret !== null && (
            <div className={classes["command"]}>
              <code>{secret}</code>
              <CopyButton text={secret} />
            </div>
          )}
          {children}
          <div className={dialog["actions"]}>
            <Button kind="primary" onClick={onClose}>
              {t(texts.close)}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
