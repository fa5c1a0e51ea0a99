import { Outlet, useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { Loading } from "../parts/states.tsx";
import { t } from "../text/t.ts";
import { Navigation } from "./navigation.tsx";
import { usePreferences } from "./preferences.ts";
import { SessionContext, useSessionQuery } from "./session.tsx";
import classes from "./shell.module.css";
import { shellTexts as texts } from "./texts.ts";
import { TopBar } from "./top-bar.tsx";
import { WentWrong } from "./went-wrong.tsx";

/** The frame of every page: who is signed in, navigation, top bar. Without a session it leads to signing in and back. */
export function Shell(): ReactNode {
  const session = useSessionQuery();
  const [{ nav }] = usePreferences();

  if (session.isPending) return <Loading />;
  if (session.isError && session.data === undefined) {
    return <WentWrong error={session.error} reset={() => void session.refetch()} />;
  }
  if (!session.data) return <ToSignIn />;
  return (
    <SessionContext value={session.data}>
      <a className={classes["skip"]} href="#page">
        {t(texts.skip)}
      </a>
      <div className={classes["shell"]} data-nav={nav}>
        <TopBar />
        <Navigation />
        <main id="page" className={classes["main"]} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </SessionContext>
  );
}

/** Leads to signing in, and keeps the address that was wanted. */
function ToSignIn(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    // Read once: while the next page is being loaded, the address is already that page's.
    const { href } = router.state.location;
    void router.navigate({ to: "/sign-in", search: (href === "/" ? {} : { next: href }) as never, replace: true });
  }, [router]);
  return <Loading />;
}
