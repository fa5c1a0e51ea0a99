import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Section } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import { AskAdmin } from "./ask-admin.tsx";
import { ConsentOutcome } from "./consent-outcome.tsx";
import { CredentialList, SignInForm } from "./credentials.tsx";
import classes from "./page.module.css";
import { SiteForm } from "./site-form.tsx";
import { StepActs, StepHeading, useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

/** Which site, and how Usher signs in to it: oneself, or by a link for whoever may. */
export function ConnectStep({ draft }: { draft: Draft }): ReactNode {
  const goTo = useGoTo();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const needs = useApi("sources.requirements", {
    params: { source: draft.source },
    query: { capabilities: draft.capabilities },
  });

  async function goOn(): Promise<void> {
    if (!draft.credentials.some(({ isAuthorized }) => isAuthorized)) return setMissing(true);
    setBusy(true);
    await joinWanted(draft);
    await queries.invalidateQueries({ queryKey: ["connections"] });
    goTo("sites");
  }

  return (
    <>
      <StepHeading title={texts.connectTitle} />
      <ConsentOutcome draft={draft} />
      <Section title={texts.siteTitle}>
        <SiteForm draft={draft} />
      </Section>
      <Section title={texts.signInTitle}>
        <CredentialList draft={draft} />
        <Shown query={needs} rows={3}>
          {(found) => (
            <>
              <SignInForm draft={draft} needs={found} />
              <AskAdmin draft={draft} needs={found} />
            </>
          )}
        </Shown>
      </Section>
      {isMissing && (
        <p className={classes["wrong"]} role="alert">
          {t(texts.needCredential)}
        </p>
      )}
      <StepActs step="connect" draft={draft} isBusy={isBusy} onContinue={() => void goOn()} />
    </>
  );
}

/** Sites that were typed before there was a credential; which cannot be reached is told in the next step. */
async function joinWanted({ id, wantedSites }: Draft): Promise<void> {
  const params = { connectionId: id };
  await Promise.allSettled(
    wantedSites.map(({ typed }) => callApi("connections.add-site", { params, body: { site: typed } })),
  );
}
