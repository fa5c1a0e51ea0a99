import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import button from "../../parts/button.module.css";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { type Draft, isDone, type Step, stepBefore, STEPS } from "./steps.ts";
import { texts } from "./texts.ts";

export const STEP_NAMES: Readonly<Record<Step, Text>> = {
  account: texts.account,
  capabilities: texts.capabilities,
  connect: texts.connect,
  sites: texts.sites,
  groups: texts.groups,
  check: texts.check,
  publish: texts.publish,
};

/** The seven steps; each that can be gone to is a link. */
export function StepsNav({ current, draft }: { current: Step; draft: Draft | null }): ReactNode {
  return (
    <nav aria-label={t(texts.steps)}>
      <ol role="list" className={classes["steps"]}>
        {STEPS.map((step, index) => {
          const words = t(texts.stepNumber, { number: index + 1, name: t(STEP_NAMES[step]) });
          const isOpen = index <= 1 || draft !== null;
          return (
            <li key={step} data-current={step === current}>
              {isOpen ? (
                <Link
                  to={"/setup" as string}
                  search={searchOf(step, draft) as never}
                  aria-current={step === current && "step"}
                >
                  {words}
                </Link>
              ) : (
                <span>{words}</span>
              )}
              {isDone(step, draft) && (
                <>
                  <Icon of={CircleCheck} size={13} />
                  <span className="aloud">{t(texts.done)}</span>
                </>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function searchOf(step: Step, draft: Draft | null): Record<string, string> {
  return draft ? { step, connection: draft.id } : { step };
}

/** Leads to another step of the same draft, and forgets what only a consent's return said. */
export function useGoTo(): (step: Step, connectionId?: string) => void {
  const { change } = useUrlState();
  return (step, connectionId) =>
    change({
      step,
      ...(connectionId === undefined ? {} : { connection: connectionId }),
      authorization: null,
      outcome: null,
    });
}

/** A step's heading. It takes the focus when the step is gone to, so that it is read aloud from there. */
export function StepHeading({ title, about }: { title: Text; about?: Text }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // On the first page the focus is the page's own heading's.
    if (document.activeElement === document.body || document.activeElement === null) {
      heading.current?.focus({ preventScroll: true });
    }
    globalThis.scrollTo({ top: 0 });
  }, []);
  return (
    <div>
      <h2 ref={heading} tabIndex={-1}>
        {t(title)}
      </h2>
      {about && <p>{t(about)}</p>}
    </div>
  );
}

/** Back loses nothing; Continue saves and goes on. */
export function StepActs({
  step,
  draft,
  act = texts.continue,
  isBusy = false,
  onContinue,
}: {
  step: Step;
  draft: Draft | null;
  act?: Text;
  isBusy?: boolean;
  /** Left out: the button sends the form that it stands in. */
  onContinue?: () => void;
}): ReactNode {
  return (
    <div className={classes["acts"]}>
      <Link
        to={"/setup" as string}
        search={searchOf(stepBefore(step), draft) as never}
        className={button["button"]}
        data-kind="plain"
      >
        {t(texts.back)}
      </Link>
      <Button kind="primary" type={onContinue ? "button" : "submit"} isBusy={isBusy} onClick={onContinue}>
        {t(act)}
      </Button>
      <span className={classes["saved"]}>{t(texts.saved)}</span>
    </div>
  );
}
