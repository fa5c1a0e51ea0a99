import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "../parts/page.tsx";
import { t } from "../text/t.ts";
import { LANDING_BY_ROLE } from "./navigation.ts";
import { useSession } from "./session.tsx";
import { shellTexts as texts } from "./texts.ts";

/** `/` leads each role to where its work begins, and whoever only owns connections to these. */
export function Landing(): ReactNode {
  const { operator, roles, through, ownsConnections } = useSession();
  const byRole =
    through === "token" ? "/overview" : LANDING_BY_ROLE.find(([role]) => roles.includes(role as never))?.[1];
  const landing = byRole ?? (ownsConnections ? "/connections" : undefined);
  if (landing) return <Navigate to={landing} replace />;
  return (
    <Page title={texts.product}>
      <p>{t(texts.nothingForRole, { name: operator.name })}</p>
    </Page>
  );
}
