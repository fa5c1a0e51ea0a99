import type { ReactNode } from "react";
import { Section } from "../../../parts/page.tsx";
import { useMay } from "../../../shell/session.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ServiceAccounts } from "./service-accounts.tsx";
import { texts } from "./texts.ts";
import { Tokens } from "./tokens.tsx";

/** What programs sign in with: tokens, and the accounts that belong to nobody. */
export function TokensSection(): ReactNode {
  const may = useMay();
  return (
    <>
      <p className={classes["text"]}>{t(may("*") ? texts.about : texts.aboutOwn)}</p>
      <Tokens ownerId={null} />
      {may("operators:read") && (
        <Section title={texts.serviceAccounts}>
          <ServiceAccounts />
        </Section>
      )}
    </>
  );
}
