import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { shellTexts } from "../shell/texts.ts";
import type { Text } from "../text/define.ts";
import { t, type TextValues } from "../text/t.ts";
import { useKeptFocus } from "./kept-focus.ts";
import classes from "./page.module.css";

interface PageProps {
  title: Text;
  titleValues?: TextValues;
  /** Beside the title: how many, how fresh. */
  about?: ReactNode;
  /** The page's primary action and few others, right. */
  actions?: ReactNode;
  /** Said in the document's title before the page's: the view or the thing that is open. */
  view?: string | null;
  children: ReactNode;
}

/** One question, one h1, which takes the focus when a route opens the page. */
export function Page({ title, titleValues, about, actions, view, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const keptFocus = useKeptFocus();
  const words = t(title, titleValues);

  useEffect(() => {
    document.title = [view, words, t(shellTexts.product)].filter(Boolean).join(" · ");
  }, [view, words]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <div className={classes["page"]}>
      <header className={classes["head"]}>
        <h1 ref={heading} tabIndex={-1}>
          {words}
        </h1>
        {about && <div className={classes["about"]}>{about}</div>}
        {actions && (
          <div {...keptFocus} className={classes["actions"]} data-page-actions="">
            {actions}
          </div>
        )}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with its own h2. */
export function Section({
  title,
  titleValues,
  actions,
  children,
}: {
  title: Text;
  titleValues?: TextValues;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className={classes["section"]}>
      <div className={classes["head"]}>
        <h2>{t(title, titleValues)}</h2>
        {actions && <div className={classes["actions"]}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
