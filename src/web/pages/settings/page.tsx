import { Link, Navigate, useParams } from "@tanstack/react-router";
import { lazy, type LazyExoticComponent, type ReactNode, Suspense } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Loading } from "../../parts/states.tsx";
import { NotFound } from "../../shell/not-found.tsx";
import { useMay } from "../../shell/session.tsx";
import { SETTINGS_SECTIONS } from "../../shell/settings-sections.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Each section is a chunk of its own: nobody reads them all at once. */
const SECTIONS: Readonly<Record<string, LazyExoticComponent<() => ReactNode>>> = {
  general: lazy(() => import("./general.tsx").then(({ General }) => ({ default: General }))),
  people: lazy(() => import("./people/people.tsx").then(({ People }) => ({ default: People }))),
  "sign-in": lazy(() => import("./sign-in/sign-in.tsx").then(({ SignIn }) => ({ default: SignIn }))),
  tokens: lazy(() => import("./tokens/section.tsx").then(({ TokensSection }) => ({ default: TokensSection }))),
  notifications: lazy(() =>
    import("./notifications/notifications.tsx").then(({ Notifications }) => ({ default: Notifications })),
  ),
  webhooks: lazy(() => import("./webhooks/webhooks.tsx").then(({ Webhooks }) => ({ default: Webhooks }))),
  limits: lazy(() => import("./limits.tsx").then(({ Limits }) => ({ default: Limits }))),
  journal: lazy(() => import("./journal.tsx").then(({ JournalKeys }) => ({ default: JournalKeys }))),
  system: lazy(() => import("./system.tsx").then(({ System }) => ({ default: System }))),
};

/** How this Usher is set up, and who may do what. */
export function Page(): ReactNode {
  const { section: id } = useParams({ strict: false }) as { section?: string };
  const may = useMay();
  const shown = SETTINGS_SECTIONS.filter(({ scope }) => may(scope));
  const section = shown.find((each) => each.id === id);
  const Section = SECTIONS[section?.id ?? ""];
  if (id === undefined) return shown[0] ? <Navigate to={`/settings/${shown[0].id}` as string} replace /> : <Nothing />;
  if (!section || !Section) return <NotFound />;
  return (
    <Frame title={section.label} view={null}>
      <div className={classes["settings"]}>
        <nav className={classes["sections"]} aria-label={t(texts.title)}>
          <ul role="list">
            {shown.map((each) => (
              <li key={each.id}>
                <Link
                  to={`/settings/${each.id}` as string}
                  className={classes["link"]}
                  activeProps={{ "aria-current": "page" }}
                >
                  {t(each.label)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className={classes["section"]}>
          <Suspense fallback={<Loading />}>
            <Section />
          </Suspense>
        </div>
      </div>
    </Frame>
  );
}

/** A member has no settings of the installation, only an account. */
function Nothing(): ReactNode {
  return <Navigate to="/account" replace />;
}
