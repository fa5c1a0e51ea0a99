import type { ReactNode } from "react";
import { Button } from "../../parts/button.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import type { Zone } from "./stamp.ts";
import { texts } from "./texts.ts";

const LABELS = { utc: texts.utc, local: texts.local };

/** UTC | Local: the zone in which times are printed. */
export function Zones({ zone }: { zone: Zone }): ReactNode {
  const { change } = useUrlState();
  return (
    <div className={classes["zones"]} role="group" aria-label={t(texts.zone)}>
      {(["utc", "local"] as const).map((each) => (
        <Button
          key={each}
          kind={each === zone ? "plain" : "quiet"}
          aria-pressed={each === zone}
          onClick={() => change({ zone: each === "utc" ? null : each })}
        >
          {t(LABELS[each])}
        </Button>
      ))}
    </div>
  );
}
