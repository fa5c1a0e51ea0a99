import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Banner } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

const OUTCOMES: Readonly<Record<string, { words: Text; kind: "ok" | "warn" | "danger" }>> = {
  authorized: { words: texts.consented, kind: "ok" },
  declined: { words: texts.declined, kind: "warn" },
  "site-not-covered": { words: texts.notCovered, kind: "warn" },
  failed: { words: texts.consentFailed, kind: "danger" },
};

/** How the consent went that the browser just came back from, as the address says, with the server's reason. */
export function ConsentOutcome({ draft }: { draft: Pick<Draft, "id"> }): ReactNode {
  const { state } = useUrlState();
  const attemptId = state["authorization"] ?? "";
  const attempt = useApi(
    "authorizations.get",
    { params: { connectionId: draft.id, attemptId } },
    { enabled: attemptId !== "" },
  );
  const outcome = OUTCOMES[state["outcome"] ?? ""];
  if (!outcome || attemptId === "") return null;
  return (
    <Banner
      kind={outcome.kind}
      action={
        outcome.kind !== "ok" &&
        state["step"] === "sites" && (
          <Link to={"/setup" as string} search={{ step: "connect", connection: draft.id } as never}>
            {t(texts.tryAgain)}
          </Link>
        )
      }
    >
      {t(outcome.words)} {attempt.data?.state !== "authorized" && attempt.data?.message}
    </Banner>
  );
}
