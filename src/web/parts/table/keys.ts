import { type RefObject, useEffect, useMemo, useRef } from "react";
import { type KeyBinding, useKeys } from "../../shell/keys.ts";
import { tableTexts as texts } from "./texts.ts";

/** What the keys of a list do; each is told the row that they act on. */
export interface KeyActs {
  /** `isRange`: and selects all from the last one selected to it. */
  move: (by: number | "first" | "last", isRange: boolean) => void;
  /** To the row before or after the one whose slide-out is open; `false` where none is. */
  step: (by: -1 | 1) => boolean;
  /** The slide-out, though it has no focus yet or not any more. */
  close: () => void;
  open: (() => void) | null;
  select: ((isRange: boolean) => void) | null;
  selectAll: (() => void) | null;
  copyId: () => void;
  exportRows: () => void;
  page: number;
}

/**
 * Arrows and their like act while the focus is among the rows. Single letters are the page's, and act from anywhere on it as
 * long as nobody types and no dialog has the focus; a reader can switch them off.
 */
export function useListKeys(whole: RefObject<HTMLElement | null>, acts: KeyActs, isEmbedded: boolean): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || isTyping(target)) return;
      const isAmongRows = whole.current?.querySelector("[data-rows]")?.contains(target) ?? false;
      if (isAmongRows && actOnRows(event, target, latest.current)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [whole]);
  const isSelectable = acts.select !== null;
  useKeys(useMemo(() => (isEmbedded ? [] : lettersOf(() => latest.current, isSelectable)), [isEmbedded, isSelectable]));
}

function lettersOf(acts: () => KeyActs, isSelectable: boolean): KeyBinding[] {
  const go = (by: -1 | 1) => {
    const { step, move } = acts();
    if (!step(by)) move(by, false);
  };
  return [
    { keys: "j", label: texts.keyNext, act: () => go(1) },
    { keys: "k", label: texts.keyPrevious, act: () => go(-1) },
    { keys: "Escape", label: texts.keyClose, act: () => acts().close() },
    ...(isSelectable
      ? [
          { keys: "x", label: texts.keySelect, act: () => acts().select?.(false) },
          { keys: "X", label: texts.keySelectTo, act: () => acts().select?.(true) },
        ]
      : []),
    { keys: "c", label: texts.keyCopy, act: () => acts().copyId() },
    { keys: "e", label: texts.keyExport, act: () => acts().exportRows() },
  ];
}

function actOnRows(event: KeyboardEvent, target: HTMLElement, acts: KeyActs): boolean {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "a") {
    acts.selectAll?.();
    return acts.selectAll !== null;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const by = movesBy(event.key, acts.page);
  if (by !== null) {
    acts.move(by, event.shiftKey);
    return true;
  }
  // What is within a row does what its own keys do.
  if (target.closest("[data-index]") !== target) return false;
  if (event.key === "Enter") {
    acts.open?.();
    return acts.open !== null;
  }
  if (event.key === " ") {
    acts.select?.(event.shiftKey);
    return true;
  }
  return false;
}

function movesBy(key: string, page: number): number | "first" | "last" | null {
  switch (key) {
    case "ArrowDown":
      return 1;
    case "ArrowUp":
      return -1;
    case "PageDown":
      return page;
    case "PageUp":
      return -page;
    case "Home":
      return "first";
    case "End":
      return "last";
    default:
      return null;
  }
}

function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}
