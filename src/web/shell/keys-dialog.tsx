import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { Button } from "../parts/button.tsx";
import dialog from "../parts/dialog.module.css";
import { t } from "../text/t.ts";
import { KeyTable } from "./key-table.tsx";
import { shellTexts as texts } from "./texts.ts";

/** `?` shows what each key does on the page that is open. */
export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={dialog["popup"]} data-wide="true">
          <Dialog.Title className={dialog["title"]}>{t(texts.keysTitle)}</Dialog.Title>
          <Dialog.Description>{t(texts.keysAbout)}</Dialog.Description>
          <KeyTable />
          <div className={dialog["actions"]}>
            <Button onClick={onClose}>{t(texts.close)}</Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
