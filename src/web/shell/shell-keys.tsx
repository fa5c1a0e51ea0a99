import { type RegisteredRouter, useRouter } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { type KeyBinding, useKeys } from "./keys.ts";
import { NAVIGATION } from "./navigation.ts";
import { changePreferences, preferences } from "./preferences.ts";
import { useMayOpen } from "./session.tsx";
import { shellTexts as texts } from "./texts.ts";

const Palette = lazy(() => import("./palette/palette.tsx").then(({ Palette }) => ({ default: Palette })));
const KeysDialog = lazy(() => import("./keys-dialog.tsx").then(({ KeysDialog }) => ({ default: KeysDialog })));

export type Overlay = "palette" | "keys" | null;

/** The keys that work on every page, and what they open; read only when it is opened first. */
export function ShellKeys({
  overlay,
  onOverlay,
}: {
  overlay: Overlay;
  onOverlay: (overlay: Overlay) => void;
}): ReactNode {
  const router = useRouter();
  const mayOpen = useMayOpen();
  const bindings = useMemo(
    () => [...commonKeys(onOverlay), ...navigationKeys(router, mayOpen)],
    // What one may do changes only with the session, which draws the shell anew.
    // oxlint-disable-next-line react/exhaustive-deps
    [router, onOverlay],
  );
  useKeys(bindings);
  const [wasOpened, setOpened] = useState<ReadonlySet<Overlay>>(new Set());
  if (overlay !== null && !wasOpened.has(overlay)) setOpened(new Set([...wasOpened, overlay]));
  return (
    <Suspense>
      {wasOpened.has("palette") && <Palette isOpen={overlay === "palette"} onClose={() => onOverlay(null)} />}
      {wasOpened.has("keys") && <KeysDialog isOpen={overlay === "keys"} onClose={() => onOverlay(null)} />}
    </Suspense>
  );
}

function commonKeys(onOverlay: (overlay: Overlay) => void): KeyBinding[] {
  return [
    { keys: "mod+k", label: texts.keyPalette, act: () => onOverlay("palette") },
    { keys: "/", label: texts.keySearch, act: () => focusSearch() || onOverlay("palette") },
    { keys: "?", label: texts.keyHelp, act: () => onOverlay("keys") },
    { keys: ".", label: texts.keyActions, act: focusActions },
    {
      keys: "[",
      label: texts.keyNavigation,
      act: () => changePreferences({ nav: preferences().nav === "open" ? "collapsed" : "open" }),
    },
  ];
}

function navigationKeys(router: RegisteredRouter, mayOpen: (scope: string) => boolean): KeyBinding[] {
  return NAVIGATION.flatMap(({ items }) => items)
    .filter(({ scope }) => mayOpen(scope))
    .map(({ to, key, label }) => ({
      keys: `g ${key}`,
      label,
      act: () => void router.navigate({ to } as never),
    }));
}

/** The search field of the page that is shown, if it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}

/** What can be done with the rows that are selected comes first: by Tab it lies behind all the rows. */
function focusActions(): void {
  const actions = document.querySelector("[data-selection-actions]") ?? document.querySelector("[data-page-actions]");
  actions?.querySelector<HTMLElement>("a, button")?.focus();
}
