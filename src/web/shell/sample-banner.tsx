import { lazy, type ReactNode, Suspense, useState } from "react";
import { useApi } from "../api/query.ts";
import { Button } from "../parts/button.tsx";
import { Banner } from "../parts/states.tsx";
import { t } from "../text/t.ts";
import { useMay } from "./session.tsx";
import { shellTexts as texts } from "./texts.ts";

const RemoveSample = lazy(() => import("./remove-sample.tsx").then(({ RemoveSample: found }) => ({ default: found })));

const REMOVING_EVERY_MS = 1000;
const QUIET_EVERY_MS = 60_000;

/** On every page while the pretend company is there: what is seen is not real, and how it goes. */
export function SampleBanner(): ReactNode {
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const sample = useApi(
    "sampleCompany.get",
    {},
    { enabled: may("connections:read"), everyMs: isRemoving ? REMOVING_EVERY_MS : QUIET_EVERY_MS },
  );
  const state = sample.data?.state;
  if (state !== "present" && state !== "removing") return null;
  return (
    <>
      <Banner
        kind="info"
        action={
          may("connections:write") &&
          state === "present" && <Button onClick={() => setAsked(true)}>{t(texts.sampleRemove)}</Button>
        }
      >
        {t(
          state === "removing" ? texts.sampleRemoving : sample.data?.offersRemoval ? texts.sampleDone : texts.sampleIs,
        )}
      </Banner>
      {isAsked && (
        <Suspense>
          <RemoveSample onClose={() => setAsked(false)} onRemoving={() => setRemoving(true)} />
        </Suspense>
      )}
    </>
  );
}
