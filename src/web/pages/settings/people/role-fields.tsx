import type { ReactNode } from "react";
import { CheckField } from "../../../parts/form.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ROLES } from "./roles.ts";
import { texts } from "./texts.ts";

/** Roles to tick, each with what it lets one do; read with `form.getAll("roles")`. */
export function RoleFields({ held }: { held: readonly string[] }): ReactNode {
  return (
    <fieldset className={classes["stack"]}>
      <legend>{t(texts.roles)}</legend>
      {ROLES.map(({ role, label, about }) => (
        <CheckField
          key={role}
          name="roles"
          value={role}
          defaultChecked={held.includes(role)}
          label={t(label)}
          hint={t(about)}
        />
      ))}
    </fieldset>
  );
}
