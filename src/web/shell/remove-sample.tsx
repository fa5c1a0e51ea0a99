import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { callApi } from "../api/call.ts";
import { Confirm } from "../parts/dialog.tsx";
import { t } from "../text/t.ts";
import { shellTexts as texts } from "./texts.ts";

const LOOK_EVERY_MS = 500;

/** Asks once, then waits until the last row of the pretend company is gone. */
export function RemoveSample({ onClose, onRemoving }: { onClose: () => void; onRemoving: () => void }): ReactNode {
  const queries = useQueryClient();
  async function remove(): Promise<void> {
    await callApi("sampleCompany.remove");
    onRemoving();
    while ((await callApi("sampleCompany.get")).state === "removing")
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    // Nothing that was read of it is true any more.
    await queries.invalidateQueries();
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(texts.sampleRemoveTitle)}
      act={t(texts.sampleRemoveAct)}
      isDangerous
      onConfirm={remove}
      command="usher sample remove"
    >
      <p>{t(texts.sampleRemoveAbout)}</p>
    </Confirm>
  );
}
