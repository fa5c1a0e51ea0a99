/** What a reader opens on nearly every page, and would otherwise wait for when they do. */
const LATER: readonly (() => Promise<unknown>)[] = [
  () => import("./palette/palette.tsx"),
  () => import("../parts/slide-out-loaded.tsx"),
  () => import("../parts/popup-loaded.tsx"),
  () => import("../parts/form-dialog-loaded.tsx"),
  () => import("../parts/dialog-loaded.tsx"),
];

/** The page that is begun on comes first, with all that it asks for. */
export const FIRST_PAGE_MS = 1500;

/** Fetches what is opened later, one after the other, while the browser has nothing else to do. Returns how to leave it. */
export function prefetchLater(): () => void {
  const begun = setTimeout(() => {
    // Not every browser tells when it is idle.
    const whenIdle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act));
    whenIdle(() => void fetchAll());
  }, FIRST_PAGE_MS);
  return () => clearTimeout(begun);
}

async function fetchAll(): Promise<void> {
  for (const load of LATER) {
    // Whoever opens it then is told when it cannot be read.
    await load().catch(() => undefined);
  }
}
