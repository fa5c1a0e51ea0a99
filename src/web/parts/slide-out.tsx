import { lazy, type ReactNode } from "react";
import { OnceOpened } from "./once-opened.tsx";

export interface SlideOutProps {
  isOpen: boolean;
  title: string;
  about?: ReactNode;
  onClose: () => void;
  onStep?: (by: -1 | 1) => void;
  stepLabels?: { previous: string; next: string };
  children: ReactNode;
}

// What keeps the focus and closes it comes when one is opened.
const Loaded = lazy(async () => ({ default: (await import("./slide-out-loaded.tsx")).LoadedSlideOut }));

/**
 * One thing of a list, beside the list: the list stays in use, Esc closes. What is open stands in the address (`open=`).
 * `onStep` goes to the row before or after, also by `k` and `j`.
 */
export function SlideOut(props: SlideOutProps): ReactNode {
  return (
    <OnceOpened isOpen={props.isOpen}>
      <Loaded {...props} />
    </OnceOpened>
  );
}
