import type { RegisteredRouter } from "@tanstack/react-router";
import { t } from "../../text/t.ts";
import { NAVIGATION } from "../navigation.ts";
import { changePreferences, preferences } from "../preferences.ts";
import { SETTINGS_SECTIONS } from "../settings-sections.ts";
import { shellTexts } from "../texts.ts";
import type { Entry } from "./entries.ts";
import { paletteTexts as texts } from "./texts.ts";

/** Every page that one may open, settings with their sections. */
export function pageEntries(mayOpen: (scope: string) => boolean): Entry[] {
  const pages = NAVIGATION.flatMap(({ items }) => items).filter(({ scope }) => mayOpen(scope));
  const sections = SETTINGS_SECTIONS.filter(({ scope }) => mayOpen(scope));
  return [
    ...pages.map(({ to, label }) => ({ id: to, label: t(label), detail: null, href: to })),
    ...sections.map(({ id, label }) => ({
      id: `/settings/${id}`,
      label: t(texts.settingsSection, { section: t(label) }),
      detail: null,
      href: `/settings/${id}`,
    })),
    { id: "/account", label: t(shellTexts.account), detail: null, href: "/account" },
    { id: "/help", label: t(shellTexts.help), detail: null, href: "/help" },
  ];
}

/** What the page that is shown offers on top, each done as by a click. */
export function actionEntries(): Entry[] {
  const elements = document.querySelectorAll<HTMLElement>("[data-page-actions] :is(a, button):not([disabled])");
  return [...elements].map((element, index) => ({
    id: `action-${index}`,
    label: element.textContent?.trim() ?? "",
    detail: null,
    href: null,
    act: () => element.click(),
  }));
}

export function commandEntries(router: RegisteredRouter, signOut: () => void): Entry[] {
  const theme = (value: "system" | "light" | "dark") => () => changePreferences({ theme: value });
  const done = (id: string, label: string, act: () => void) => ({ id, label, detail: null, href: null, act });
  return [
    done("theme-light", t(shellTexts.themeLight), theme("light")),
    done("theme-dark", t(shellTexts.themeDark), theme("dark")),
    done("theme-system", t(shellTexts.themeSystem), theme("system")),
    done("navigation", t(shellTexts.keyNavigation), () =>
      changePreferences({ nav: preferences().nav === "open" ? "collapsed" : "open" }),
    ),
    done("copy-address", t(texts.copyAddress), () => void navigator.clipboard.writeText(location.href)),
    done("back", t(texts.back), () => router.history.back()),
    done("sign-out", t(shellTexts.signOut), signOut),
  ];
}
