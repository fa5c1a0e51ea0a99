import type { ReactNode } from "react";
import { later } from "./later.tsx";

export interface PopupProps {
  /** What the button says. */
  words: ReactNode;
  className: string | undefined;
  /** What opens, read aloud. */
  label: string;
  /** What the button is called where its words alone do not tell it from others. */
  "aria-label"?: string;
  align?: "start" | "end";
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** Drawn only while it is open. */
  children: ReactNode;
}

/**
 * A button that opens something small beside it. What places it and keeps the focus comes after the page, which can be read
 * and scrolled meanwhile.
 */
export const Popup = later<PopupProps>(
  async () => (await import("./popup-loaded.tsx")).LoadedPopup,
  ({ className, words, "aria-label": label }) => (
    <button type="button" className={className} aria-label={label} aria-disabled="true">
      {words}
    </button>
  ),
);
