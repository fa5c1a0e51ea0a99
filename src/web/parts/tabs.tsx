import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { useUrlState } from "../shell/url-state.ts";
import classes from "./tabs.module.css";

export interface Tab {
  id: string;
  label: string;
  /** Drawn only while the tab is chosen. */
  content: () => ReactNode;
}

/** Tabs whose choice stands in the address under `name`; the first is chosen where it says nothing. */
export function Tabs({
  tabs,
  label,
  name = "tab",
  isWhole = false,
}: {
  tabs: readonly Tab[];
  label: string;
  name?: string;
  /** They are the page: filters, sort and what is open belong to the chosen tab, and leave the address with it. */
  isWhole?: boolean;
}): ReactNode {
  const { state, change } = useUrlState();
  const chosen = tabs.find(({ id }) => id === state[name]) ?? tabs[0];
  if (!chosen) return null;
  return (
    <BaseTabs.Root
      value={chosen.id}
      onValueChange={(id: string) => {
        const others = isWhole ? Object.fromEntries(Object.keys(state).map((each) => [each, null])) : {};
        change({ ...others, [name]: id === tabs[0]?.id ? null : id });
      }}
      className={classes["tabs"]}
    >
      <BaseTabs.List className={classes["list"]} aria-label={label} activateOnFocus={false}>
        {tabs.map(({ id, label: words }) => (
          <BaseTabs.Tab key={id} value={id} className={classes["tab"]}>
            {words}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      <BaseTabs.Panel value={chosen.id} className={classes["panel"]} keepMounted={false}>
        {chosen.content()}
      </BaseTabs.Panel>
    </BaseTabs.Root>
  );
}
