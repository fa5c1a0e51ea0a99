import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useId, useRef, useState } from "react";
import { t } from "../text/t.ts";
import { Button } from "./button.tsx";
import { CopyCommand } from "./copy.tsx";
import type { ConfirmProps } from "./dialog.tsx";
import classes from "./dialog.module.css";
import { Failure } from "./states.tsx";
import { partTexts as texts } from "./texts.ts";

/** What `Confirm` becomes. */
export function LoadedConfirm(props: ConfirmProps): ReactNode {
  return (
    <AlertDialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={classes["backdrop"]} />
        <ConfirmPopup {...props} />
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function ConfirmPopup(props: ConfirmProps): ReactNode {
  const { title, children, act, isDangerous = false, keep, typed, command, onConfirm, onClose } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const typedId = useId();
  const mayAct = typed === undefined || text.trim() === typed;

  async function confirm(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <AlertDialog.Popup className={classes["popup"]} initialFocus={cancel}>
      <AlertDialog.Title className={classes["title"]}>{title}</AlertDialog.Title>
      <div className={classes["body"]}>{children}</div>
      {typed !== undefined && (
        <p className={classes["typed"]}>
          <label htmlFor={typedId}>{t(texts.typeToConfirm, { what: typed })}</label>
          <input id={typedId} value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} />
        </p>
      )}
      {command && <CopyCommand command={command} />}
      {error && <Failure error={error} title={texts.notDone} />}
      <div className={classes["actions"]}>
        <Button ref={cancel} onClick={onClose}>
          {keep ?? t(texts.cancel)}
        </Button>
        <Button
          kind={isDangerous ? "danger" : "primary"}
          disabled={!mayAct}
          isBusy={isBusy}
          onClick={() => void confirm()}
        >
          {act}
        </Button>
      </div>
    </AlertDialog.Popup>
  );
}
