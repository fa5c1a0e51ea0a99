import type { ReactNode } from "react";
import { Failure } from "../parts/states.tsx";
import { Page } from "../parts/page.tsx";
import { shellTexts as texts } from "./texts.ts";

/** A page that broke while it was drawn or first read. */
export function WentWrong({ error, reset }: { error: Error; reset: () => void }): ReactNode {
  return (
    <Page title={texts.wrongTitle}>
      <Failure error={error} onRetry={reset} />
    </Page>
  );
}
