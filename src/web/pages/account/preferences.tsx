import type { ReactNode } from "react";
import { RadioFields } from "../../parts/form.tsx";
import { type Preferences, usePreferences } from "../../shell/preferences.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Each choice holds at once, for this browser. */
export function PreferencesForm(): ReactNode {
  const [{ theme, rows, keys }, change] = usePreferences();
  return (
    <div className={classes["choices"]}>
      <p>{t(texts.preferencesAbout)}</p>
      <RadioFields
        name="theme"
        legend={t(texts.theme)}
        value={theme}
        onChoose={(value) => change({ theme: value as Preferences["theme"] })}
        choices={[
          { value: "system", label: t(texts.themeSystem) },
          { value: "light", label: t(texts.themeLight) },
          { value: "dark", label: t(texts.themeDark) },
        ]}
      />
      <RadioFields
        name="rows"
        legend={t(texts.rows)}
        value={rows}
        onChoose={(value) => change({ rows: value as Preferences["rows"] })}
        choices={[
          { value: "comfortable", label: t(texts.rowsComfortable) },
          { value: "normal", label: t(texts.rowsNormal) },
          { value: "compact", label: t(texts.rowsCompact) },
        ]}
      />
      <RadioFields
        name="keys"
        legend={t(texts.keys)}
        value={keys}
        onChoose={(value) => change({ keys: value as Preferences["keys"] })}
        choices={[
          { value: "on", label: t(texts.keysOn) },
          { value: "off", label: t(texts.keysOff), hint: t(texts.keysOffHint) },
        ]}
      />
    </div>
  );
}
