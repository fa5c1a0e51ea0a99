import { Link, useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { callApi } from "../../api/call.ts";
import { Failure, Loading } from "../../parts/states.tsx";
import { OpenPage } from "../../shell/open-page.tsx";
import { localPath, useSignedIn } from "../../shell/signed-in.ts";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

/** A one-time link: signs in by itself, once. What only looks at links, as mail scanners do, runs no page. */
export function Page(): ReactNode {
  const { code } = useParams({ strict: false }) as { code: string };
  const { state } = useUrlState();
  const signedIn = useSignedIn();
  const used = useRef<string | null>(null);
  const [error, setError] = useState<Error | null>(null);

  useEffect(() => {
    // A second use of the same link would be refused.
    if (used.current === code) return;
    used.current = code;
    callApi("session.link", { body: { code } }).then(
      (session) => signedIn(session, localPath(state["next"])),
      (thrown: Error) => setError(thrown),
    );
  }, [code, signedIn, state]);

  return (
    <OpenPage title={error ? texts.failedTitle : texts.title}>
      {error ? (
        <>
          <Failure error={error} title={texts.notSignedIn} />
          <p>
            <Link to="/sign-in">{t(texts.otherWay)}</Link>
          </p>
        </>
      ) : (
        <Loading rows={2} />
      )}
    </OpenPage>
  );
}
