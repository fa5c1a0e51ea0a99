import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Beside a word, so it says nothing by itself. */
export function Icon({ of: Drawing, size = 16 }: { of: LucideIcon; size?: 13 | 16 }): ReactNode {
  return <Drawing size={size} strokeWidth={1.75} aria-hidden="true" focusable="false" style={{ flex: "none" }} />;
}
