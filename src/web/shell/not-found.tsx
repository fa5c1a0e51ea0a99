import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "../parts/page.tsx";
import { t } from "../text/t.ts";
import { shellTexts as texts } from "./texts.ts";

export function NotFound(): ReactNode {
  return (
    <Page title={texts.notFoundTitle}>
      <p>{t(texts.notFound)}</p>
      <p>
        <Link to="/">{t(texts.toOverview)}</Link>
      </p>
    </Page>
  );
}
