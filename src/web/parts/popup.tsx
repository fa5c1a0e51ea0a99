import { lazy, type ReactNode, Suspense } from "react";

export interface PopupProps {
  /** What the button says. */
  words: ReactNode;
  className: string | undefined;
  /** What opens, read aloud. */
  label: string;
  align?: "start" | "end";
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** Drawn only while it is open. */
  children: ReactNode;
}

const Loaded = lazy(async () => ({ default: (await import("./popup-loaded.tsx")).LoadedPopup }));

/**
 * A button that opens something small beside it. What places it and keeps the focus comes after the page, which can be read
 * and scrolled meanwhile.
 */
export function Popup(props: PopupProps): ReactNode {
  return (
    <Suspense
      fallback={
        <button type="button" className={props.className} aria-disabled="true">
          {props.words}
        </button>
      }
    >
      <Loaded {...props} />
    </Suspense>
  );
}
