import { lazy, type ReactNode, Suspense } from "react";

export interface Pick {
  id: string;
  label: string;
  /** What tells it from others of its name. */
  detail: string | null;
}

export interface PickerProps {
  label: string;
  value: Pick | null;
  found: readonly Pick[];
  isBusy: boolean;
  onType: (words: string) => void;
  onPick: (pick: Pick) => void;
}

// What opens, filters and moves through the list comes after the page.
const Loaded = lazy(async () => ({ default: (await import("./picker-loaded.tsx")).LoadedPicker }));

/** Chooses one thing among many by typing a part of its name: `onType` gets what is typed, `found` is what it finds. */
export function Picker(props: PickerProps): ReactNode {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
