import type { ReactNode } from "react";
import { TextArea } from "../../parts/form.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { t } from "../../text/t.ts";
import { applyTexts as texts } from "./plans/texts.ts";

/** Asks why before an act that needs a reason. */
export function ReasonDialog({
  title,
  act,
  name = "reason",
  label = t(texts.reason),
  onClose,
  onReason,
  children,
}: {
  title: string;
  act: string;
  name?: string;
  label?: string;
  onClose: () => void;
  /** Throws what the server refused. */
  onReason: (reason: string) => Promise<unknown>;
  children?: ReactNode;
}): ReactNode {
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={title}
      act={act}
      onSubmit={(form) => onReason(String(form.get(name) ?? ""))}
    >
      {children}
      <TextArea name={name} label={label} maxLength={1000} />
    </FormDialog>
  );
}
