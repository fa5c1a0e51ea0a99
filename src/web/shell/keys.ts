import { useEffect, useSyncExternalStore } from "react";
import type { Text } from "../text/define.ts";
import { preferences } from "./preferences.ts";

/** `keys` is one key as the keyboard names it (`?`, `[`), two one after the other (`g p`), or `mod+k`: Ctrl, or Cmd on a Mac. */
export interface KeyBinding {
  keys: string;
  label: Text;
  act: () => void;
}

/** The second key of two comes within this, or is taken for itself. */
const SECOND_KEY_MS = 1500;

/** What was registered last is asked first, so that a page may take a key from the shell while it is shown. */
let registered: readonly KeyBinding[] = [];
const listeners = new Set<() => void>();
let first: { key: string; at: number } | null = null;

/** The one registry of keys: silent while somebody types or a dialog is open, and switched off by a preference. */
export function startKeys(): void {
  window.addEventListener("keydown", onKeyDown);
}

/** Registers keys while the component is shown; `bindings` should be the same array from render to render. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  useEffect(() => {
    change([...bindings, ...registered]);
    return () => change(registered.filter((each) => !bindings.includes(each)));
  }, [bindings]);
}

/** Every key that does something now, for whoever asks which there are. */
export function useRegisteredKeys(): readonly KeyBinding[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registered,
  );
}

function change(bindings: readonly KeyBinding[]): void {
  registered = bindings;
  for (const each of listeners) each();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const isModified = event.ctrlKey || event.metaKey;
  if (!isModified && (preferences().keys === "off" || isTyping(event.target) || isDialogOpen())) return;
  const pressed = isModified ? `mod+${event.key.toLowerCase()}` : event.key;
  const before = first && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ` : "";
  const found = registered.find(({ keys }) => keys === before + pressed) ?? findSingle(pressed, before);
  const begins = before === "" && registered.some(({ keys }) => keys.startsWith(`${pressed} `));
  first = begins ? { key: pressed, at: event.timeStamp } : null;
  if (!found) return;
  event.preventDefault();
  found.act();
}

function findSingle(pressed: string, before: string): KeyBinding | undefined {
  return before === "" ? undefined : registered.find(({ keys }) => keys === pressed);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** A slide-out stands beside its list, which stays in use, and a toast asks for nothing; any other dialog has the keys for itself. */
function isDialogOpen(): boolean {
  return (
    document.querySelector(
      '[role="alertdialog"], [role="dialog"]:not([data-slide-out], [data-toast]), [role="menu"]',
    ) !== null
  );
}
