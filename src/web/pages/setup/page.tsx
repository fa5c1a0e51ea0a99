import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Page as Frame } from "../../parts/page.tsx";
import { Banner, Shown } from "../../parts/states.tsx";
import { AsOwner } from "../../shell/as-owner.tsx";
import { useMay, useMayByRole } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import { AccountStep } from "./account.tsx";
import { CapabilitiesStep } from "./capabilities.tsx";
import { CheckStep } from "./check.tsx";
import { ConnectStep } from "./connect.tsx";
import { GroupsStep } from "./groups.tsx";
import classes from "./page.module.css";
import { PublishStep } from "./publish.tsx";
import { SitesStep } from "./sites.tsx";
import { STEP_NAMES, StepsNav } from "./steps-nav.tsx";
import { type Draft, isStep, type Step, stepToResume } from "./steps.ts";
import { texts } from "./texts.ts";

/** From nothing to a true picture in ten minutes: seven steps, each with its own address, each saved. */
export function Page(): ReactNode {
  const may = useMayByRole();
  const { state } = useUrlState();
  const connectionId = state["connection"];
  const draft = useApi(
    "connections.get",
    { params: { connectionId: connectionId ?? "" } },
    { enabled: !!connectionId },
  );

  if (connectionId === undefined) {
    if (!may("connections:write")) return <NotAllowed />;
    const step = isStep(state["step"]) ? state["step"] : "account";
    return <Wizard draft={null} step={step === "account" ? step : "capabilities"} />;
  }
  return (
    <Shown query={draft}>
      {(found) => {
        const isDraft = found.state === "draft" || found.state === "validated";
        const step = isStep(state["step"]) ? state["step"] : stepToResume(found);
        return (
          <AsOwner owners={found.owners}>
            <WhereAllowed>{isDraft ? <Wizard draft={found} step={step} /> : <NoDraft of={found} />}</WhereAllowed>
          </AsOwner>
        );
      }}
    </Shown>
  );
}

function WhereAllowed({ children }: { children: ReactNode }): ReactNode {
  const may = useMay();
  return may("connections:write") ? children : <NotAllowed />;
}

function NotAllowed(): ReactNode {
  return (
    <Frame title={texts.title}>
      <Banner kind="info">{t(texts.notAllowed)}</Banner>
    </Frame>
  );
}

function Wizard({ draft, step }: { draft: Draft | null; step: Step }): ReactNode {
  return (
    <Frame title={texts.title} about={draft && <span>{draft.name}</span>} view={t(STEP_NAMES[step])}>
      <StepsNav current={step} draft={draft} />
      <div className={classes["step"]} key={step}>
        {contentOf(step, draft)}
      </div>
    </Frame>
  );
}

function contentOf(step: Step, draft: Draft | null): ReactNode {
  if (step === "account") return <AccountStep draft={draft} />;
  if (step === "capabilities" || draft === null) return <CapabilitiesStep draft={draft} />;
  if (step === "connect") return <ConnectStep draft={draft} />;
  if (step === "sites") return <SitesStep draft={draft} />;
  if (step === "groups") return <GroupsStep draft={draft} />;
  if (step === "check") return <CheckStep draft={draft} />;
  return <PublishStep draft={draft} />;
}

function NoDraft({ of: { id, name, state } }: { of: Draft }): ReactNode {
  const words: Text = state === "archived" ? texts.archived : texts.inService;
  return (
    <Frame title={texts.title}>
      <p>
        <Rich
          text={words}
          values={{ name }}
          parts={{
            connection: (linked) => (
              <Link to={"/connections/$id" as string} params={{ id } as never}>
                {linked}
              </Link>
            ),
          }}
        />
      </p>
    </Frame>
  );
}
