import { Menu } from "@base-ui/react/menu";
import { useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import menu from "../parts/menu.module.css";
import { t } from "../text/t.ts";
import { type Preferences, usePreferences } from "./preferences.ts";
import { useSession } from "./session.tsx";
import { useSignOut } from "./sign-out.ts";
import { shellTexts as texts } from "./texts.ts";

const THEMES = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark };
const ROWS = { comfortable: texts.rowsComfortable, normal: texts.rowsNormal, compact: texts.rowsCompact };

/** Who is signed in, how this browser shows things, and signing out. Read when it is opened first. */
export function AccountMenu({
  anchor,
  isOpen,
  onOpen,
}: {
  anchor: HTMLElement | null;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}): ReactNode {
  const { operator } = useSession();
  const [{ theme, rows }, change] = usePreferences();
  const router = useRouter();
  const signOut = useSignOut();
  return (
    <Menu.Root open={isOpen} onOpenChange={onOpen}>
      {/* Within the banner, as everything of a page belongs to a landmark. */}
      <Menu.Portal container={anchor?.closest("header")}>
        <Menu.Positioner className={menu["positioner"]} anchor={anchor} align="end" sideOffset={4}>
          <Menu.Popup className={menu["popup"]} finalFocus={() => anchor} aria-label={t(texts.account)}>
            <div className={menu["label"]}>{operator.email ?? operator.name}</div>
            <Menu.Item className={menu["item"]} onClick={() => void router.navigate({ to: "/account" })}>
              {t(texts.accountPage)}
            </Menu.Item>
            <Menu.Separator className={menu["separator"]} />
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
            <Menu.Item className={menu["item"]} onClick={signOut}>
              {t(texts.signOut)}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
