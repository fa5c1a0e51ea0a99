import { type RefObject, useEffect, useRef } from "react";
import { preferences } from "../../shell/preferences.ts";

/** What the keys of a list do; each is told the row that they act on. */
export interface KeyActs {
  /** `isRange`: and selects all from the last one selected to it. */
  move: (by: number | "first" | "last", isRange: boolean) => void;
  /** To the row before or after the one whose slide-out is open. */
  step: ((by: -1 | 1) => void) | null;
  open: (() => void) | null;
  select: ((isRange: boolean) => void) | null;
  selectAll: (() => void) | null;
  copyId: () => void;
  exportRows: () => void;
  page: number;
}

/** `g` and a second key go to a page, whatever the second one does in a list. */
const FIRST_OF_TWO = "g";
const SECOND_KEY_MS = 1500;

/**
 * Arrows and their like act while the focus is among the rows. Single letters also act from elsewhere on the page, as
 * long as nobody types and no dialog or menu has the focus; a reader can switch them off.
 */
export function useListKeys(whole: RefObject<HTMLElement | null>, acts: KeyActs, isEmbedded: boolean): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    let firstAt = -Infinity;
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || isTyping(target)) return;
      const isSecond = event.timeStamp - firstAt < SECOND_KEY_MS;
      firstAt = event.key === FIRST_OF_TWO ? event.timeStamp : -Infinity;
      if (isSecond) return;
      const isAmongRows = whole.current?.querySelector("[data-rows]")?.contains(target) ?? false;
      if (!isAmongRows && (isEmbedded || isElsewhere(target))) return;
      if (isAmongRows ? actOnRows(event, target, latest.current) : false) event.preventDefault();
      else if (actOnLetter(event, latest.current)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [whole, isEmbedded]);
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

function actOnLetter(event: KeyboardEvent, acts: KeyActs): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || preferences().keys === "off") return false;
  switch (event.key) {
    case "j":
    case "k": {
      const by = event.key === "j" ? 1 : -1;
      if (acts.step) acts.step(by);
      else acts.move(by, false);
      return true;
    }
    case "x":
    case "X":
      acts.select?.(event.key === "X");
      return acts.select !== null;
    case "c":
      acts.copyId();
      return true;
    case "e":
      acts.exportRows();
      return true;
    default:
      return false;
  }
}

function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** Another layer has the focus, and the keys with it. */
function isElsewhere(target: HTMLElement): boolean {
  return target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null;
}
