import { Check, Copy } from "lucide-react";
import { type ReactNode, useState } from "react";
import { t } from "../text/t.ts";
import { Button, IconButton } from "./button.tsx";
import classes from "./copy.module.css";
import { partTexts as texts } from "./texts.ts";

const SAID_MS = 2000;

function useCopy(text: string): [boolean, () => void] {
  const [isCopied, setCopied] = useState(false);
  return [
    isCopied,
    () =>
      void navigator.clipboard.writeText(text).then(() => {
        setCopied(true);
        setTimeout(() => setCopied(false), SAID_MS);
      }),
  ];
}

export function CopyButton({ text, label }: { text: string; label?: string }): ReactNode {
  const [isCopied, copy] = useCopy(text);
  return (
    <>
      <IconButton icon={isCopied ? Check : Copy} label={label ?? t(texts.copy)} onClick={copy} />
      <span className="aloud" role="status">
        {isCopied ? t(texts.copied) : ""}
      </span>
    </>
  );
}

/** An id: monospace, cut in the middle, to be copied. */
export function Id({ id }: { id: string }): ReactNode {
  return (
    <span className={classes["id"]}>
      <code title={id}>{id.length > 20 ? `${id.slice(0, 10)}…${id.slice(-6)}` : id}</code>
      <CopyButton text={id} />
    </span>
  );
}

/** "Copy as command": the same act by the command line. */
export function CopyCommand({ command }: { command: string }): ReactNode {
  const [isCopied, copy] = useCopy(command);
  return (
    <div className={classes["command"]}>
      <code>{command}</code>
      <Button kind="quiet" onClick={copy}>
        {t(isCopied ? texts.copied : texts.copyCommand)}
      </Button>
    </div>
  );
}
