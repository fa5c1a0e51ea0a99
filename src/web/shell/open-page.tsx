import type { ReactNode } from "react";
import { Page } from "../parts/page.tsx";
import type { Text } from "../text/define.ts";
import { t } from "../text/t.ts";
import classes from "./open-page.module.css";
import { shellTexts as texts } from "./texts.ts";

/** The frame of a page for somebody who is not signed in: the brand, one heading, and a narrow column. */
export function OpenPage({ title, children }: { title: Text; children: ReactNode }): ReactNode {
  return (
    <main className={classes["page"]}>
      <div className={classes["brand"]}>
        <img src="/usher.svg" alt="" width="20" height="20" />
        {t(texts.product)}
      </div>
      <Page title={title}>{children}</Page>
    </main>
  );
}
