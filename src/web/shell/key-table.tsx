import type { ReactNode } from "react";
import { t } from "../text/t.ts";
import classes from "./key-table.module.css";
import { useRegisteredKeys } from "./keys.ts";
import { shellTexts as texts } from "./texts.ts";

const isMac = navigator.platform.startsWith("Mac");

/** Each key that does something now, and what it does. */
export function KeyTable(): ReactNode {
  const bindings = useRegisteredKeys();
  return (
    <dl className={classes["keys"]}>
      {bindings.map(({ keys, label }) => (
        <div key={keys}>
          <dt>
            {keys.split(" ").map((key, place) => (
              // oxlint-disable-next-line react/no-array-index-key -- the two keys of a step never change places
              <kbd key={place}>{keyName(key)}</kbd>
            ))}
          </dt>
          <dd>{t(label)}</dd>
        </div>
      ))}
    </dl>
  );
}

function keyName(key: string): string {
  if (!key.startsWith("mod+")) return key;
  const letter = key.slice("mod+".length).toUpperCase();
  return isMac ? `⌘ ${letter}` : t(texts.control, { letter });
}
