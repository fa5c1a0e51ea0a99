import { Link, useNavigate } from "@tanstack/react-router";
import { Menu } from "@base-ui/react/menu";
import { useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { callApi } from "../api/call.ts";
import { useApi } from "../api/query.ts";
import { Icon } from "../parts/icon.tsx";
import menu from "../parts/menu.module.css";
import { t } from "../text/t.ts";
import { type Preferences, usePreferences } from "./preferences.ts";
import { useMay, useSession } from "./session.tsx";
import classes from "./top-bar.module.css";
import { shellTexts as texts } from "./texts.ts";

export function TopBar(): ReactNode {
  const may = useMay();
  return (
    <header className={classes["bar"]}>
      <Link to="/" className={classes["brand"]}>
        <img src="/usher.svg" alt="" width="20" height="20" />
        {t(texts.product)}
      </Link>
      {may("connections:read") && <ModeBadge />}
      <div className={classes["space"]} />
      {may("runs:read") && <RunningWork />}
      <Link to={"/help" as string} className={classes["plain"]}>
        {t(texts.help)}
      </Link>
      <AccountMenu />
    </header>
  );
}

/** Whether Usher may change anything at all, always in sight. */
function ModeBadge(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  if (!sites.data || sites.data.items.length === 0) return null;
  const acting = sites.data.items.filter(({ mode }) => mode === "act").length;
  return (
    <span className={classes["mode"]} data-acts={acting > 0} title={t(texts.modeMeaning)}>
      {acting === 0 ? t(texts.observeOnly) : t(texts.acting, { acting, total: sites.data.items.length })}
    </span>
  );
}

const RUNS_EVERY_MS = 5000;

function RunningWork(): ReactNode {
  const runs = useApi("runs.list", { query: { state: "running", limit: 20 } }, { everyMs: RUNS_EVERY_MS });
  const count = runs.data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <Link to={"/runs" as string} search={{ state: "running" } as never} className={classes["plain"]}>
      <Icon of={LoaderCircle} /> {t(texts.working, { count })}
    </Link>
  );
}

const THEMES = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark };
const ROWS = { comfortable: texts.rowsComfortable, normal: texts.rowsNormal, compact: texts.rowsCompact };

function AccountMenu(): ReactNode {
  const { operator } = useSession();
  const [{ theme, rows }, change] = usePreferences();
  const navigate = useNavigate();
  const queries = useQueryClient();

  async function signOut(): Promise<void> {
    const { signOutUrl } = await callApi("session.signOut");
    queries.clear();
    if (signOutUrl) location.assign(signOutUrl);
    else await navigate({ to: "/sign-in" });
  }

  return (
    <Menu.Root>
      <Menu.Trigger className={classes["account"]}>
        <Icon of={CircleUserRound} />
        <span className={classes["name"]}>{operator.name}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={menu["positioner"]} align="end" sideOffset={4}>
          <Menu.Popup className={menu["popup"]}>
            <Menu.Group>
              <Menu.GroupLabel className={menu["label"]}>{operator.email ?? operator.name}</Menu.GroupLabel>
              <Menu.RadioGroup value={theme} onValueChange={(value: Preferences["theme"]) => change({ theme: value })}>
                {Object.entries(THEMES).map(([value, text]) => (
                  <Menu.RadioItem key={value} value={value} className={menu["item"]} closeOnClick={false}>
                    {t(text)}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              <Menu.Separator className={menu["separator"]} />
              <Menu.RadioGroup value={rows} onValueChange={(value: Preferences["rows"]) => change({ rows: value })}>
                {Object.entries(ROWS).map(([value, text]) => (
                  <Menu.RadioItem key={value} value={value} className={menu["item"]} closeOnClick={false}>
                    {t(text)}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              <Menu.Separator className={menu["separator"]} />
              <Menu.Item className={menu["item"]} onClick={() => void signOut()}>
                {t(texts.signOut)}
              </Menu.Item>
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
