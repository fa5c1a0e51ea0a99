import { Combobox } from "@base-ui/react/combobox";
import { type ReactNode, useId, useState } from "react";
import { t } from "../text/t.ts";
import form from "./form.module.css";
import menu from "./menu.module.css";
import classes from "./picker.module.css";
import type { Pick, PickerProps } from "./picker.tsx";
import { partTexts as texts } from "./texts.ts";

export function LoadedPicker({ label, value, found, isBusy, onType, onPick }: PickerProps): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className={classes["picker"]}>
      <label htmlFor={id}>{label}</label>
      <Combobox.Root
        items={found}
        filter={null}
        value={value}
        inputValue={typed ?? value?.label ?? ""}
        isItemEqualToValue={(one: Pick, other: Pick) => one.id === other.id}
        itemToStringLabel={(pick: Pick) => pick.label}
        onInputValueChange={(words, { reason }) => {
          if (reason !== "input-change") return;
          setTyped(words);
          onType(words);
        }}
        onOpenChange={(isOpen) => !isOpen && setTyped(null)}
        onValueChange={(pick) => {
          setTyped(null);
          if (pick) onPick(pick);
        }}
      >
        <Combobox.Input id={id} className={form["control"]} placeholder={t(texts.typeName)} />
        <Combobox.Portal>
          <Combobox.Positioner className={classes["positioner"]} sideOffset={4}>
            <Combobox.Popup className={menu["popup"]}>
              <Combobox.Empty className={classes["none"]}>{t(isBusy ? texts.loading : texts.noneFound)}</Combobox.Empty>
              <Combobox.List className={classes["list"]}>
                {(pick: Pick) => (
                  <Combobox.Item key={pick.id} value={pick} className={menu["item"]}>
                    <span>{pick.label}</span>
                    {pick.detail && <span className={classes["detail"]}>{pick.detail}</span>}
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </div>
  );
}
