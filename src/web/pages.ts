import type { ComponentType } from "react";

/** A page's module; it exports what is shown as `Page`. */
interface PageModule {
  Page: ComponentType;
}

/**
 * Every page inside the shell: its path and its chunk. A page is a folder in `pages/` and one line here; its place in the
 * navigation is a line in shell/navigation.ts.
 */
export const PAGES: Readonly<Record<string, () => Promise<PageModule>>> = {
  "/overview": () => import("./pages/overview/page.tsx"),
  "/seats": () => import("./pages/seats/page.tsx"),
  "/licenses": () => import("./pages/licenses/page.tsx"),
  "/licenses/seats": () => import("./pages/licenses/seats.tsx"),
  "/unrecognized": () => import("./pages/unrecognized/page.tsx"),
  "/people": () => import("./pages/people/page.tsx"),
  "/people/$personId": () => import("./pages/people/person-page.tsx"),
  "/$id": () => import("./shell/resolve.tsx"),
  "/account": () => import("./pages/account/page.tsx"),
  "/help": () => import("./pages/help/page.tsx"),
  "/settings": () => import("./pages/settings/page.tsx"),
  "/settings/$section": () => import("./pages/settings/page.tsx"),
  "/groups": () => import("./pages/groups/page.tsx"),
  "/groups/$groupId": () => import("./pages/groups/group-page.tsx"),
  "/spaces": () => import("./pages/spaces/page.tsx"),
  "/spaces/matrix": () => import("./pages/spaces/matrix-page.tsx"),
  "/spaces/$spaceId": () => import("./pages/spaces/space-page.tsx"),
  "/activity": () => import("./pages/activity/page.tsx"),
  "/reclaim": () => import("./pages/reclaim/page.tsx"),
  "/reclaim/plans/$planId": () => import("./pages/reclaim/plans/page.tsx"),
  "/reclaim/rules/$ruleId": () => import("./pages/reclaim/rules/page.tsx"),
  "/exclusions": () => import("./pages/exclusions/page.tsx"),
  "/exclusions/$ruleId": () => import("./pages/exclusions/page.tsx"),
  "/runs": () => import("./pages/runs/page.tsx"),
  "/runs/$id": () => import("./pages/run/page.tsx"),
  "/jobs": () => import("./pages/jobs/page.tsx"),
  "/jobs/$id": () => import("./pages/job/page.tsx"),
  "/journal": () => import("./pages/journal/page.tsx"),
  "/setup": () => import("./pages/setup/page.tsx"),
  "/connections": () => import("./pages/connections/page.tsx"),
  "/connections/$id": () => import("./pages/connection/page.tsx"),
};

/** Whether the page is there without the shell, for who is not signed in yet. */
export function isOpen(path: string): boolean {
  return Object.keys(OPEN_PAGES).some((each) => path.startsWith(each.replace("/$code", "")));
}

/** Pages without the shell, for who is not signed in yet. */
export const OPEN_PAGES: Readonly<Record<string, () => Promise<PageModule>>> = {
  "/setup/admin": () => import("./pages/setup-admin/page.tsx"),
  "/sign-in": () => import("./pages/sign-in/page.tsx"),
  "/sign-in/$code": () => import("./pages/sign-in-link/page.tsx"),
  "/welcome/$code": () => import("./pages/welcome/page.tsx"),
};
