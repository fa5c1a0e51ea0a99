import type { Page } from "playwright-core";
import { OPEN_PAGES, PAGES } from "../../src/web/pages.ts";
import { SETTINGS_SECTIONS } from "../../src/web/shell/settings-sections.ts";

/** One picture: a page of pages.ts, or a state of one. */
export interface View {
  name: string;
  /** The page as pages.ts has it. */
  of: string;
  path: string;
  /** Somebody has signed in. */
  isSignedIn: boolean;
  /** Also at 768 px; at 320 every page is looked at, without its states. */
  isWide?: boolean;
  isState?: boolean;
  act?: (page: Page) => Promise<void>;
  /** What the browser may say, since the page asks for what is not there. */
  mayComplain?: RegExp;
}

/** Answers an address of the API as whoever has signed in. */
export type Ask = (path: string) => Promise<unknown>;

/** The list of the API that has an id for `/<page>/$…`. */
const IDS: Readonly<Record<string, string>> = {
  people: "/people?status=idle&sort=-spaces",
  groups: "/groups",
  spaces: "/spaces?type=collaboration",
  connections: "/connections",
  runs: "/runs",
  jobs: "/jobs",
  licenses: "/licenses",
  exclusions: "/exclusion-rules",
  candidates: "/candidates",
  plans: "/plans",
  rules: "/reclamation-rules",
  views: "/views",
};

/** It only leads on to another page. */
const WITHOUT_PICTURE = ["/$id"];

/** Every page that there is, and the states of some. A page that cannot be opened without knowing more is a fault. */
export async function viewsOf(ask: Ask): Promise<View[]> {
  const pages: View[] = [];
  for (const of of Object.keys(PAGES)) {
    if (!WITHOUT_PICTURE.includes(of)) pages.push(...(await viewsOfPage(of, ask)));
  }
  return [...Object.keys(OPEN_PAGES).map(openView), ...pages, ...(await statesOf(pages, ask))];
}

async function viewsOfPage(of: string, ask: Ask): Promise<View[]> {
  const [, parameter] = /\$(\w+)/.exec(of) ?? [];
  if (parameter === undefined) {
    return [{ name: nameOf(of), of, path: of, isSignedIn: true, isWide: true }];
  }
  if (parameter === "section") {
    return SETTINGS_SECTIONS.map(({ id }) => {
      const path = of.replace("$section", id);
      return { name: nameOf(path), of, path, isSignedIn: true };
    });
  }
  const list = of.split("/").findLast((part) => part in IDS);
  if (list === undefined)
    throw new Error(`Which ${parameter} ${of} shows is not known: add its list to IDS in views.ts.`);
  const id = await firstId(ask, list);
  if (id === null) return [];
  return [{ name: nameOf(of), of, path: of.replace(`$${parameter}`, id), isSignedIn: true }];
}

/** The id of the first row; null where the list has none yet. */
async function firstId(ask: Ask, list: string): Promise<string | null> {
  const path = IDS[list] ?? "";
  const { items } = (await ask(`${path}${path.includes("?") ? "&" : "?"}limit=1`)) as {
    items: Record<string, string>[];
  };
  const [row] = items;
  if (!row) return null;
  return row["id"] ?? Object.entries(row).find(([name]) => name.endsWith("Id"))?.[1] ?? null;
}

/** Links of one use are shown with a code that is none, as whoever is too late finds them. */
function openView(of: string): View {
  const path = of.replace(/\$\w+/, "0".repeat(32));
  return { name: `open ${nameOf(of)}`, of, path, isSignedIn: false, mayComplain: /status of 4\d\d/ };
}

function nameOf(path: string): string {
  return path.replaceAll("$", "").split("/").filter(Boolean).join(" ");
}

const STATES: readonly { name: string; of: string; query?: string; act?: View["act"] }[] = [
  { name: "palette", of: "/people", act: (page) => page.keyboard.press("Control+k") },
  {
    name: "palette, searched",
    of: "/people",
    async act(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("amara");
      await page.waitForTimeout(SEARCHED_MS);
    },
  },
  { name: "keys", of: "/people", act: (page) => page.keyboard.press("?") },
  { name: "account menu", of: "/people", act: (page) => page.getByRole("button", { name: "Demo admin" }).click() },
  { name: "columns", of: "/people", act: (page) => page.getByRole("button", { name: "Columns" }).click() },
  { name: "people nobody", of: "/people", query: "q=nobody+is+called+so" },
  { name: "people no evidence", of: "/people", query: "status=no-evidence" },
  {
    name: "people selected",
    of: "/people",
    query: "status=idle",
    async act(page) {
      await page.getByRole("row").nth(1).getByRole("checkbox").check();
      await page.getByRole("row").nth(2).getByRole("checkbox").check();
    },
  },
];

/** Longer than the palette waits for more letters, and than an answer takes. */
const SEARCHED_MS = 800;

/** Of pages with tabs, those that are not open at first. */
const TABS: Readonly<Record<string, readonly string[]>> = {
  "/licenses": ["licenses", "computations", "trend", "cost", "alerts"],
  "/reclaim": ["rules", "plans", "ledger"],
  "/unrecognized": ["accounts", "rules"],
  "/groups/$groupId": ["members", "spaces", "compare"],
  "/spaces/$spaceId": ["access"],
  "/connections/$id": ["timeline", "capabilities", "groups", "settings"],
  "/runs/$id": ["changes", "requests"],
  "/account": ["sessions", "password", "tokens"],
};

const PERSON_TABS = ["summary", "activity", "groups", "spaces", "why", "history"];

async function statesOf(pages: readonly View[], ask: Ask): Promise<View[]> {
  const states: View[] = STATES.map(({ name, of, query, act }) => ({
    name,
    of,
    path: query === undefined ? of : `${of}?${query}`,
    isSignedIn: true,
    isState: true,
    act,
  }));
  for (const list of ["groups", "spaces", "connections", "exclusions"]) {
    const id = pages.some(({ of }) => of === `/${list}`) ? await firstId(ask, list) : null;
    if (id === null) continue;
    const of = `/${list}`;
    states.push({ name: `${list} slide-out`, of, path: `${of}?open=${id}`, isSignedIn: true, isState: true });
  }
  for (const { of, path, name } of pages) {
    for (const tab of TABS[of] ?? []) {
      states.push({ name: `${name} ${tab}`, of, path: `${path}?tab=${tab}`, isSignedIn: true, isState: true });
    }
  }
  const space = await firstId(ask, "spaces");
  if (space !== null) {
    const path = `/spaces/${space}?tab=matrix&rights=direct`;
    states.push({ name: "spaces one, matrix", of: "/spaces/$spaceId", path, isSignedIn: true, isState: true });
  }
  const person = await firstId(ask, "people");
  for (const tab of person === null ? [] : PERSON_TABS) {
    const path = `/people?status=idle&sort=-spaces&open=${person}&tab=${tab}`;
    states.push({ name: `people slide-out ${tab}`, of: "/people", path, isSignedIn: true, isState: true });
  }
  return states.filter(({ of }) => of in PAGES);
}
