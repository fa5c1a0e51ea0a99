import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import { Button } from "../button.tsx";
import { Confirm } from "../dialog.tsx";
import { Banner } from "../states.tsx";
import { connectionTexts as texts } from "./texts.ts";

type Proof = AnswerFor<"connections.proveWrites">;

/** Tries for real, with a group that gives nothing, whether the credentials may write; only a person may ask for it. */
export function ProveWrites({
  connectionId,
  siteId,
  site,
}: {
  connectionId: string;
  siteId: string;
  site: string;
}): ReactNode {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [proof, setProof] = useState<Proof | null>(null);
  async function prove(): Promise<void> {
    setProof(await callApi("connections.proveWrites", { params: { connectionId, siteId } }));
    await queries.invalidateQueries({ queryKey: ["connections"] });
  }
  return (
    <>
      <div>
        <Button onClick={() => setOpen(true)}>{t(texts.prove)}</Button>
      </div>
      {proof && (
        <Banner kind={proof.state === "proved" ? "ok" : "danger"}>
          {proof.problem
            ? t(texts.proofFailed, { reason: proof.problem.reason, fix: proof.problem.fix })
            : t(texts.proved, { site })}
          <ul>
            {proof.steps.map(({ name, detail }) => (
              <li key={name}>{t(texts.proofStep, { name, detail })}</li>
            ))}
          </ul>
        </Banner>
      )}
      <Confirm
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t(texts.proveTitle, { site })}
        act={t(texts.proveAct)}
        onConfirm={prove}
        command={`usher connection prove-writes ${connectionId} ${siteId}`}
      >
        <p>{t(texts.proveAbout)}</p>
      </Confirm>
    </>
  );
}
