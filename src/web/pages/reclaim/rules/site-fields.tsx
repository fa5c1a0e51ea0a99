import type { ReactNode } from "react";
import { useApi } from "../../../api/query.ts";
import { CheckField } from "../../../parts/form.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { editorTexts as texts } from "./texts.ts";

/** At every site, or at those that are chosen. */
export function SiteFields({
  siteIds,
  onChange,
}: {
  siteIds: readonly string[] | null;
  onChange: (siteIds: readonly string[] | null) => void;
}): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } }).data?.items ?? [];
  const chosen = siteIds ?? [];
  return (
    <fieldset>
      <legend className={classes["legend"]}>{t(texts.sites)}</legend>
      <CheckField
        label={t(texts.everySite)}
        checked={siteIds === null}
        onChange={(event) => onChange(event.target.checked ? null : sites.map(({ id }) => id))}
      />
      {siteIds !== null &&
        sites.map(({ id, name }) => (
          <CheckField
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
            }
          />
        ))}
    </fieldset>
  );
}
