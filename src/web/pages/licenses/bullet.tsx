import type { ReactNode } from "react";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Used as a bar against a mark at what is owned; what reaches beyond the mark is short. */
export function Bullet({ used, owned }: { used: number; owned: number | null }): ReactNode {
  const words = owned === null ? t(texts.coverageNone, { used }) : t(texts.coverageOf, { used, owned });
  const most = Math.max(1, used, owned ?? 0) * 1.1;
  const within = owned === null ? used : Math.min(used, owned);
  const share = (count: number) => `${(count / most) * 100}%`;
  return (
    <div className={classes["bullet"]} role="img" aria-label={words} title={words} data-known={owned !== null}>
      <div className={classes["bulletUsed"]} style={{ width: share(within) }} />
      {owned !== null && used > owned && (
        <div className={classes["bulletShort"]} style={{ width: share(used - owned) }} />
      )}
      {owned !== null && <div className={classes["bulletOwned"]} style={{ insetInlineStart: share(owned) }} />}
    </div>
  );
}
