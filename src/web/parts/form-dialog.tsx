import { lazy, type ReactNode } from "react";
import { OnceOpened } from "./once-opened.tsx";

export interface FormDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What sending does: "Add exclusion". */
  act: string;
  /** Throws what the server refused; wrong fields are then told where they are. */
  onSubmit: (form: FormData) => Promise<unknown>;
  children: ReactNode;
  /** `false` while there is nothing to send, which the form then says: only the way out is left. */
  canSend?: boolean;
  /** Wider than 480 px. */
  isWide?: boolean;
}

// What keeps the focus and closes it comes when one is opened.
const Loaded = lazy(async () => ({ default: (await import("./form-dialog-loaded.tsx")).LoadedFormDialog }));

/** A form in a dialog; Ctrl+Enter sends it from any field. */
export function FormDialog(props: FormDialogProps): ReactNode {
  return (
    <OnceOpened isOpen={props.isOpen}>
      <Loaded {...props} />
    </OnceOpened>
  );
}
