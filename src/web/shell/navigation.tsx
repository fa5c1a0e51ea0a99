import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/button.tsx";
import { t } from "../text/t.ts";
import { NAVIGATION } from "./navigation.ts";
import classes from "./navigation.module.css";
import { usePreferences } from "./preferences.ts";
import { useMayOpen } from "./session.tsx";
import { shellTexts as texts } from "./texts.ts";

/** What is not permitted is absent. */
export function Navigation(): ReactNode {
  const mayOpen = useMayOpen();
  const [{ nav }, change] = usePreferences();
  const isOpen = nav === "open";
  return (
    <nav id="pages" className={classes["navigation"]} aria-label={t(texts.navigation)}>
      {NAVIGATION.map(({ label, items }) => {
        const shown = items.filter(({ scope }) => mayOpen(scope));
        if (shown.length === 0) return null;
        return (
          <div key={label?.id ?? "first"} className={classes["group"]}>
            {label && <div className={classes["label"]}>{t(label)}</div>}
            <ul role="list">
              {shown.map((item) => (
                <li key={item.to}>
                  <Link to={item.to} className={classes["link"]} activeProps={{ "aria-current": "page" }}>
                    <Icon of={item.icon} />
                    <span className={classes["word"]}>{t(item.label)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <div className={classes["foot"]}>
        <IconButton
          icon={isOpen ? PanelLeftClose : PanelLeftOpen}
          label={t(isOpen ? texts.collapse : texts.expand)}
          onClick={() => change({ nav: isOpen ? "collapsed" : "open" })}
        />
      </div>
    </nav>
  );
}
