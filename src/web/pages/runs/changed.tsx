import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./changed.module.css";
import { labelTexts as texts } from "./label-texts.ts";

type Counts = Pick<NonNullable<RowOf<"job-results.list">["counts"]>, "added" | "changed" | "gone">;

/** "+12 −3 ~9": what came, went and changed; read aloud in words. */
export function Changed({ counts }: { counts: Counts | null }): ReactNode {
  if (counts === null) return NONE;
  const { added, changed, gone } = counts;
  if (added + changed + gone === 0) return t(texts.nothingChanged);
  return (
    <span className={classes["changed"]}>
      <span className={classes["signs"]} aria-hidden="true">
        {added > 0 && <span>{t(texts.addedSign, { count: formatNumber(added) })}</span>}
        {gone > 0 && <span>{t(texts.goneSign, { count: formatNumber(gone) })}</span>}
        {changed > 0 && <span>{t(texts.changedSign, { count: formatNumber(changed) })}</span>}
      </span>
      <span className="aloud">{t(texts.changedAloud, { added, gone, changed })}</span>
    </span>
  );
}
