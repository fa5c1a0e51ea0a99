import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type ErrorRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { Landing } from "./shell/landing.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";
import { WentWrong } from "./shell/went-wrong.tsx";
import { OPEN_PAGES, PAGES } from "./pages.ts";

/*
 * The address is the state: filters, sort, tab, open slide-out, as-of day, log line. Its query is flat text
 * (`?status=idle,never-used&sort=-lastActivityAt&open=person_…`), read and changed by `useUrlState`.
 */

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const landing = createRoute({ getParentRoute: () => shell, path: "/", component: Landing });

const inShell = Object.entries(PAGES).map(([path, load]) =>
  createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load, "Page") }),
);

const open = Object.entries(OPEN_PAGES).map(([path, load]) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, "Page") }),
);

export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren([landing, ...inShell]), ...open]),
  defaultPreload: "intent",
  // What a page reads is kept by its queries.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: WentWrong as ErrorRouteComponent,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const text = new URLSearchParams(
      entries.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    // Commas and colons may stand in a query as they are, and are easier to read there.
    return text === "" ? "" : `?${text.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
  },
});
