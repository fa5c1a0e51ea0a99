import { lazy, type ReactNode } from "react";
import { OnceOpened } from "./once-opened.tsx";

export interface ConfirmProps {
  isOpen: boolean;
  onClose: () => void;
  /** A question with the object and the count: "Remove 405 people's seats in acme?" */
  title: string;
  /** The effect, what stays, and the way back. */
  children: ReactNode;
  /** Says the act and the number: "Remove 405 seats". */
  act: string;
  /** Throws what the server refused; the dialog then stays open and shows it. */
  onConfirm: () => Promise<unknown>;
  isDangerous?: boolean;
  /** What the way out is called where "Cancel" would mislead: "Keep running". */
  keep?: string;
  /** What must be typed first, where many lose something: usually the number. */
  typed?: string;
  /** The same act by the command line. */
  command?: string;
}

// What keeps the focus and closes it comes when one is opened.
const Loaded = lazy(async () => ({ default: (await import("./dialog-loaded.tsx")).LoadedConfirm }));

/** Asks before an act. Cancel has the focus; Enter never fires an act that asks to type. */
export function Confirm(props: ConfirmProps): ReactNode {
  return (
    <OnceOpened isOpen={props.isOpen}>
      <Loaded {...props} />
    </OnceOpened>
  );
}
