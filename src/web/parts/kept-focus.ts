import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

interface KeptFocus {
  ref: RefObject<HTMLDivElement | null>;
  onFocus: (event: FocusEvent) => void;
  onBlur: () => void;
}

/**
 * For a place whose buttons come and go: "Sync now" becomes "Reading now". Whoever had the focus on one that went, or in
 * a dialog that it opened, goes on with what is there now; a browser would begin again at the top of the page.
 */
export function useKeptFocus(): KeptFocus {
  const ref = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLElement>(null);
  const watch = useRef<MutationObserver>(null);

  function leave(): void {
    watch.current?.disconnect();
    watch.current = null;
  }
  useLayoutEffect(() => leave, []);

  return {
    ref,
    // Also told of a dialog that is opened from here, although it stands elsewhere in the document.
    onFocus: ({ target }) => {
      if (target instanceof HTMLElement && ref.current?.contains(target)) last.current = target;
      if (watch.current) return;
      // What is taken out of the document with the focus in it says nothing: the focus is then nowhere.
      watch.current = new MutationObserver(() => {
        if (document.activeElement === document.body && ref.current) goOn(ref.current, last.current);
      });
      watch.current.observe(document.body, { childList: true, subtree: true });
    },
    onBlur: leave,
  };
}

function goOn(place: HTMLElement, last: HTMLElement | null): void {
  const next = last?.isConnected ? last : place.querySelector<HTMLElement>("a[href], button:enabled");
  (next ?? document.querySelector("h1"))?.focus({ preventScroll: true });
}
