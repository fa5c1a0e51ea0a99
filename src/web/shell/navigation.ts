import {
  Activity,
  Ban,
  Boxes,
  Cable,
  CircleHelp,
  Clock3,
  Coins,
  LayoutDashboard,
  type LucideIcon,
  Recycle,
  ScrollText,
  Settings,
  UserRoundSearch,
  UsersRound,
} from "lucide-react";
import type { Text } from "../text/define.ts";
import { shellTexts as texts } from "./texts.ts";

export interface NavigationItem {
  to: string;
  label: Text;
  icon: LucideIcon;
  /** What one must be allowed to read for the page to be there. */
  scope: string;
  /** The second key after `g`. */
  key: string;
}

export interface NavigationGroup {
  label: Text | null;
  items: readonly NavigationItem[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: null,
    items: [{ to: "/overview", label: texts.overview, icon: LayoutDashboard, scope: "inventory:read", key: "o" }],
  },
  {
    label: texts.inventory,
    items: [
      { to: "/people", label: texts.people, icon: UserRoundSearch, scope: "inventory:read", key: "p" },
      { to: "/groups", label: texts.groups, icon: UsersRound, scope: "inventory:read", key: "g" },
      { to: "/spaces", label: texts.spaces, icon: Boxes, scope: "inventory:read", key: "s" },
      { to: "/activity", label: texts.activity, icon: Activity, scope: "inventory:read", key: "a" },
    ],
  },
  {
    label: texts.licensesGroup,
    items: [
      { to: "/licenses", label: texts.licenses, icon: Coins, scope: "licenses:read", key: "l" },
      { to: "/reclaim", label: texts.reclamation, icon: Recycle, scope: "reclamation:read", key: "r" },
      { to: "/exclusions", label: texts.exclusions, icon: Ban, scope: "exclusions:read", key: "x" },
      { to: "/unrecognized", label: texts.unrecognized, icon: CircleHelp, scope: "inventory:read", key: "u" },
    ],
  },
  {
    label: texts.system,
    items: [
      { to: "/connections", label: texts.connections, icon: Cable, scope: "connections:read", key: "c" },
      { to: "/jobs", label: texts.jobs, icon: Clock3, scope: "jobs:read", key: "j" },
      { to: "/journal", label: texts.journal, icon: ScrollText, scope: "journal:read", key: "n" },
      { to: "/settings", label: texts.settings, icon: Settings, scope: "any-token", key: "," },
    ],
  },
];

/** Where each role begins; the first of a person's roles in this order decides. */
export const LANDING_BY_ROLE: readonly (readonly [role: string, to: string])[] = [
  ["admin", "/overview"],
  ["license-manager", "/overview"],
  ["connection-admin", "/connections"],
  ["review-owner", "/people"],
  ["auditor", "/journal"],
];
