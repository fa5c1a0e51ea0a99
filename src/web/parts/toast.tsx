import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { ApiProblem, ApiUnreachable } from "../api/call.ts";
import { t } from "../text/t.ts";
import button from "./button.module.css";
import { Icon } from "./icon.tsx";
import { partTexts as texts } from "./texts.ts";
import classes from "./toast.module.css";

export const toasts = Toast.createToastManager();

/** What was done; `undo` takes it back. Three at most, six seconds, longer while one points at it. */
export function say(words: string, undo?: { label: string; act: () => void }): void {
  toasts.add({
    description: words,
    ...(undo ? { actionProps: { children: undo.label, onClick: undo.act } } : {}),
  });
}

/** What went wrong stays until it is closed. */
export function sayProblem(error: Error): void {
  toasts.add({ type: "problem", description: wordsOf(error), timeout: 0, priority: "high" });
}

export function wordsOf(error: Error): string {
  if (error instanceof ApiProblem) return error.problem.detail;
  return error instanceof ApiUnreachable ? t(texts.unreachable) : error.message;
}

export function Toasts(): ReactNode {
  const { toasts: shown } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className={classes["viewport"]}>
        {shown.map((toast) => (
          <Toast.Root
            key={toast.id}
            toast={toast}
            className={classes["toast"]}
            data-kind={toast.type}
            data-toast=""
            aria-label={t(texts.notice)}
          >
            <Toast.Description className={classes["words"]} />
            <Toast.Action className={button["button"]} />
            <Toast.Close className={button["icon"]} aria-label={t(texts.dismiss)}>
              <Icon of={X} />
            </Toast.Close>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
