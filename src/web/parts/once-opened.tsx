import { type ReactNode, Suspense, useState } from "react";

/** Draws what comes after the page once it is opened, and keeps it from then on, so that it can close as it opened. */
export function OnceOpened({ isOpen, children }: { isOpen: boolean; children: ReactNode }): ReactNode {
  const [wasOpened, setOpened] = useState(isOpen);
  if (isOpen && !wasOpened) setOpened(true);
  return wasOpened || isOpen ? <Suspense>{children}</Suspense> : null;
}
