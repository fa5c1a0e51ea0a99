import { Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { Loading } from "../parts/states.tsx";
import { t } from "../text/t.ts";
import { Navigation } from "./navigation.tsx";
import { usePreferences } from "./preferences.ts";
import { prefetchLater } from "./prefetch.ts";
import { SessionContext, useSessionQuery } from "./session.tsx";
import { SampleBanner } from "./sample-banner.tsx";
import { SessionWatch } from "./session-watch.tsx";
import { type Overlay, ShellKeys } from "./shell-keys.tsx";
import classes from "./shell.module.css";
import { shellTexts as texts } from "./texts.ts";
import { TopBar } from "./top-bar.tsx";
import { WentWrong } from "./went-wrong.tsx";

/** The frame of every page: who is signed in, navigation, top bar. Without a session it leads to signing in and back. */
export function Shell(): ReactNode {
  const session = useSessionQuery();
  if (session.isPending) return <Loading />;
  if (session.isError && session.data === undefined) {
    return <WentWrong error={session.error} reset={() => void session.refetch()} />;
  }
  if (!session.data) return <ToSignIn />;
  return (
    <SessionContext value={session.data}>
      <Frame />
      <SessionWatch />
    </SessionContext>
  );
}

function Frame(): ReactNode {
  const [{ nav }] = usePreferences();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [isMenuOpen, toggleMenu] = useMenu();
  useEffect(prefetchLater, []);
  return (
    <>
      <a className={classes["skip"]} href="#page">
        {t(texts.skip)}
      </a>
      <div className={classes["shell"]} data-nav={nav} data-menu={isMenuOpen ? "open" : "closed"}>
        <TopBar isMenuOpen={isMenuOpen} onMenu={toggleMenu} onSearch={() => setOverlay("palette")} />
        <Navigation />
        <main id="page" className={classes["main"]} tabIndex={-1}>
          <SampleBanner />
          <Outlet />
        </main>
      </div>
      <ShellKeys overlay={overlay} onOverlay={setOverlay} />
    </>
  );
}

/** Where there is no room for the navigation beside the page, it opens above it; choosing a page closes it. */
function useMenu(): [isOpen: boolean, toggle: () => void] {
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const isOpen = openAt === pathname;
  useEffect(() => {
    if (!isOpen) return;
    const closeByEscape = (event: KeyboardEvent) => event.key === "Escape" && setOpenAt(null);
    window.addEventListener("keydown", closeByEscape);
    return () => window.removeEventListener("keydown", closeByEscape);
  }, [isOpen]);
  return [isOpen, () => setOpenAt(isOpen ? null : pathname)];
}

/** Leads to signing in, and keeps the address that was wanted. */
function ToSignIn(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    // Read once: while the next page is being loaded, the address is already that page's.
    const { href, pathname, search } = router.state.location;
    const { code } = search as { code?: string };
    // The link that a first start prints: it makes the first admin.
    if (pathname === "/setup" && code !== undefined) {
      void router.navigate({ to: "/setup/admin", search: { code } as never, replace: true });
      return;
    }
    void router.navigate({ to: "/sign-in", search: (href === "/" ? {} : { next: href }) as never, replace: true });
  }, [router]);
  return <Loading />;
}
