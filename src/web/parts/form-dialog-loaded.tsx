import { Dialog } from "@base-ui/react/dialog";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { t } from "../text/t.ts";
import { Button } from "./button.tsx";
import classes from "./dialog.module.css";
import { FormErrors, type FormProblem } from "./form.tsx";
import type { FormDialogProps } from "./form-dialog.tsx";
import { Failure, isOfFields } from "./states.tsx";
import { partTexts as texts } from "./texts.ts";

/** What `FormDialog` becomes. */
export function LoadedFormDialog(props: FormDialogProps): ReactNode {
  const { isOpen, onClose } = props;
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={classes["backdrop"]} />
        <FormPopup {...props} />
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function FormPopup({
  onClose,
  title,
  act,
  onSubmit,
  children,
  canSend = true,
  isWide = false,
}: FormDialogProps): ReactNode {
  const id = useId();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<FormProblem>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy || !canSend) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(new FormData(event.currentTarget));
      onClose();
    } catch (thrown) {
      setProblem(thrown as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog.Popup className={classes["popup"]} data-wide={isWide}>
      <Dialog.Title className={classes["title"]}>{title}</Dialog.Title>
      <form
        id={id}
        noValidate
        className={classes["form"]}
        onSubmit={(event) => void submit(event)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <FormErrors problem={problem}>{children}</FormErrors>
        {problem && !isOfFields(problem) && <Failure error={problem} title={texts.notDone} />}
        <div className={classes["actions"]}>
          <Button onClick={onClose}>{t(texts.cancel)}</Button>
          {canSend && (
            <Button kind="primary" type="submit" isBusy={isBusy}>
              {act}
            </Button>
          )}
        </div>
      </form>
    </Dialog.Popup>
  );
}
