import type { ReactNode } from "react";
import { useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { Tokens } from "../settings/tokens/tokens.tsx";
import { texts } from "./texts.ts";

/** One's own tokens; an admin's list on the settings page holds everybody's. */
export function OwnTokens(): ReactNode {
  const { operator } = useSession();
  return (
    <>
      <p>{t(texts.tokensAbout)}</p>
      <Tokens ownerId={operator.id} />
    </>
  );
}
