import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Button, buttonClass } from "../../parts/button.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { Candidates } from "./candidates/candidates.tsx";
import { MakePlanDialog } from "./candidates/make-plan.tsx";
import { Ledger } from "./ledger.tsx";
import { Plans } from "./plans/plans.tsx";
import { Rules } from "./rules/rules.tsx";
import { texts } from "./texts.ts";

/** Which seats can come back, what would happen? */
export function Page(): ReactNode {
  const may = useMay();
  const [isPlanning, setPlanning] = useState(false);
  const tabs = [
    { id: "candidates", label: t(texts.candidates), content: () => <Candidates /> },
    { id: "rules", label: t(texts.rules), content: () => <Rules /> },
    ...(may("plans:read") ? [{ id: "plans", label: t(texts.plans), content: () => <Plans /> }] : []),
    ...(may("licenses:read") ? [{ id: "ledger", label: t(texts.ledger), content: () => <Ledger /> }] : []),
  ];
  return (
    <Frame
      title={texts.title}
      actions={
        <>
          {may("reclamation:write") && (
            <Link to={"/reclaim/rules/$ruleId" as string} params={{ ruleId: "new" } as never} className={buttonClass}>
              {t(texts.newRule)}
            </Link>
          )}
          {may("plans:write") && (
            <Button kind="primary" onClick={() => setPlanning(true)}>
              {t(texts.makePlan)}
            </Button>
          )}
        </>
      }
    >
      <Tabs tabs={tabs} label={t(texts.tabs)} isWhole />
      {isPlanning && <MakePlanDialog onClose={() => setPlanning(false)} />}
    </Frame>
  );
}
