import { type ReactNode, useEffect, useRef } from "react";
import { t } from "../../text/t.ts";
import { tableTexts as texts } from "./texts.ts";

/** The box in the head; half-way when some rows are selected. */
export function SelectAll({ checked, onSelect }: { checked: boolean | null; onSelect: () => void }): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = checked === null;
  }, [checked]);
  return (
    <input ref={box} type="checkbox" checked={checked ?? false} onChange={onSelect} aria-label={t(texts.selectAll)} />
  );
}
