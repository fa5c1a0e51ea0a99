import { useNavigate } from "@tanstack/react-router";
import { Plus, RefreshCw } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useApi, useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Loading } from "../../parts/states.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { Licenses } from "./licenses.tsx";
import { PositionTab } from "./position.tsx";
import { texts } from "./texts.ts";

const Computations = lazy(async () => ({ default: (await import("./computations.tsx")).Computations }));
const TrendTab = lazy(async () => ({ default: (await import("./trend.tsx")).TrendTab }));
const CostByTeam = lazy(async () => ({ default: (await import("./cost-by-team.tsx")).CostByTeam }));
const Alerts = lazy(async () => ({ default: (await import("./alerts.tsx")).Alerts }));
const LicenseForm = lazy(async () => ({ default: (await import("./license-form.tsx")).LicenseForm }));

const later = (content: ReactNode) => <Suspense fallback={<Loading rows={6} />}>{content}</Suspense>;

/** Are we covered, what will renewal cost? */
export function Page(): ReactNode {
  const { state, change } = useUrlState();
  const position = useApi("position.list", { query: { limit: 1 } });
  return (
    <Frame
      title={texts.title}
      about={position.data && <DataAsOf value={position.data.items[0]?.dataAsOf ?? null} />}
      actions={<Actions onAdd={() => change({ act: "add" })} />}
    >
      <Tabs
        label={t(texts.tabs)}
        tabs={[
          { id: "position", label: t(texts.position), content: () => <PositionTab /> },
          { id: "licenses", label: t(texts.licenses), content: () => <Licenses /> },
          { id: "computations", label: t(texts.computations), content: () => later(<Computations />) },
          { id: "trend", label: t(texts.trend), content: () => later(<TrendTab />) },
          { id: "cost", label: t(texts.cost), content: () => later(<CostByTeam />) },
          { id: "alerts", label: t(texts.alerts), content: () => later(<Alerts />) },
        ]}
      />
      {state["act"] === "add" && (
        <Suspense>
          <LicenseForm license={null} onClose={() => change({ act: null })} />
        </Suspense>
      )}
    </Frame>
  );
}

function Actions({ onAdd }: { onAdd: () => void }): ReactNode {
  const may = useMay();
  const navigate = useNavigate();
  const compute = useChange("position.compute", ["overview"]);
  if (!may("licenses:write")) return null;
  return (
    <>
      <Button
        icon={RefreshCw}
        isBusy={compute.isPending}
        onClick={() =>
          compute.mutate(
            {},
            {
              onSuccess: () => {
                say(t(texts.computed));
                void navigate({ to: "/licenses", search: {} as never });
              },
              onError: sayProblem,
            },
          )
        }
      >
        {t(texts.computeNow)}
      </Button>
      <Button kind="primary" icon={Plus} onClick={onAdd}>
        {t(texts.addLicense)}
      </Button>
    </>
  );
}
