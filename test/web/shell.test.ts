import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listPeople } from "../../src/api/people.ts";
import {
  expectAccessible,
  expectNoSidewaysScroll,
  focusedName,
  makeFirstAdmin,
  tabTo,
  useWeb,
} from "../support/web.ts";

const ADA = { name: "Ada Okafor", email: "ada@usher.example", password: "four words nobody guesses" };

describe("the shell", () => {
  const web = useWeb({ prepare: (started) => makeFirstAdmin(started, ADA) });

  it("leads whoever is not signed in to the page they wanted, after they sign in", async () => {
    const page = await web.openPage({ path: "/people?status=idle", mayComplain: [/status of 401/] });
    await page.getByRole("heading", { name: "Sign in to Usher" }).waitFor();
    await expectAccessible(page);

    await page.getByLabel("E-mail").fill(ADA.email);
    await page.getByLabel("Password").fill("not this one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail and password do not belong together here.").waitFor();
    await page.getByLabel("Password").fill(ADA.password);
    await page.keyboard.press("Enter");

    await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).search, "?status=idle");
  });

  it("shows each role what it may see, and nothing else", async () => {
    const admin = await web.openPage({ as: "admin", path: "/people" });
    const connectionAdmin = await web.openPage({ as: "connection-admin", path: "/people" });
    const linksOf = async (page: typeof admin) => {
      const navigation = page.getByRole("navigation", { name: "Pages" });
      await navigation.getByRole("link", { name: "People" }).waitFor();
      return (await navigation.getByRole("link").allInnerTexts()).map((words) => words.trim());
    };

    const all = await linksOf(admin);
    const some = await linksOf(connectionAdmin);

    assert.ok(all.includes("Journal") && all.includes("Licenses"));
    assert.ok(some.includes("Connections") && !some.includes("Journal") && !some.includes("Licenses"));
  });

  it("goes back and forward through pages and filters", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    const neverUsed = page.getByRole("link", { name: "Never used" });
    await neverUsed.click();
    await page.waitForURL(/status=never-used/);

    await page.goBack();
    await page.waitForURL((url) => url.search === "");
    await page.goForward();
    await page.waitForURL(/status=never-used/);

    assert.equal(await page.locator("a[aria-current]", { hasText: "Never used" }).count(), 1);
  });

  it("lets a keyboard skip to the page, whose heading has the focus first", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
    const first = await focusedName(page);
    await tabTo(page, "Skip to the page", { key: "Shift+Tab" });
    const skip = await focusedName(page);
    await page.keyboard.press("Enter");

    assert.equal(first, "People");
    assert.equal(skip, "Skip to the page");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "page");
  });

  it("signs out, after which nothing is shown", async () => {
    const page = await web.openPage({ as: "auditor", path: "/people", mayComplain: [/status of 401/] });
    await page.getByRole("button", { name: "Auditor" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/\/sign-in/);

    await page.goto("/people");

    await page.waitForURL(/\/sign-in\?next=/);
  });

  it("finds people, pages and pasted ids by Ctrl K, without a mouse", async () => {
    const page = await web.openPage({ as: "admin", path: "/people" });
    await page.getByRole("table").waitFor();
    const { items } = await web.client.call(listPeople, { query: { limit: 1 } });
    const [person] = items;
    assert.ok(person);

    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: /^Search people/ });
    await field.fill("journ");
    await page.getByRole("option", { name: "Journal", exact: true }).waitFor();
    await expectAccessible(page);
    await field.fill(`@${person.name.split(" ")[0]}`);
    await page.getByRole("option", { name: person.name }).first().waitFor();
    await field.fill(person.personId);
    await page.getByText("What you pasted").waitFor();
    await page.keyboard.press("Enter");

    await page.waitForURL(new RegExp(`/people/${person.personId}|open=${person.personId}`));
  });

  it("goes to pages by two keys, shows the keys by ?, and is silent while somebody types or has switched them off", async () => {
    const page = await web.openPage({ as: "admin", path: "/account" });
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("g j ?");
    assert.equal(await page.getByRole("searchbox").inputValue(), "g j ?");

    await page.goto("/account");
    await page.getByLabel("Off").check();
    await page.getByRole("heading", { name: "Your account" }).click();
    await page.keyboard.press("?");
    await page.keyboard.press("Control+k");

    await page.getByRole("combobox", { name: /^Search people/ }).waitFor();
    assert.equal(await page.getByRole("dialog", { name: "Keys" }).count(), 0);
  });

  it("leads an id after its address to what it stands for, and says so where there is nothing", async () => {
    const page = await web.openPage({ as: "admin", path: `/${web.usher.siteIds[0]}`, mayComplain: [/status of 404/] });
    await page.waitForURL(/\/connections/);

    await page.goto("/no-such-page");

    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  });

  it("has nothing in plain English in the pseudo-locale, and nothing that is cut at 1280 px", async () => {
    for (const path of ["/account", "/settings/people"]) {
      const page = await web.openPage({ as: "admin", path, lang: "en-XA" });
      await page.locator("main h1", { hasText: "⟦" }).waitFor();
      await page.waitForLoadState("networkidle");
      const plain = await page.evaluate(() => {
        const names = new Set(["admin", "Admin", "Auditor", "Connection admin", "License manager"]);
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const words = node.textContent?.trim() ?? "";
          const isShown =
            node.parentElement?.checkVisibility() && !node.parentElement.closest("script, noscript, code");
          const isData = names.has(words) || words.includes("@usher.example") || words.startsWith("Ada ");
          if (isShown && !isData && !words.includes("⟦") && /[A-Za-z]{3}/.test(words)) found.push(words);
        }
        return found;
      });

      assert.deepEqual(plain, [], path);
      await expectNoSidewaysScroll(page);
    }
  });

  it("opens the navigation by a button on a phone, and closes it when a page is chosen", async () => {
    const page = await web.openPage({ as: "admin", path: "/people", width: 320 });
    const menu = page.getByRole("button", { name: "Menu" });
    const navigation = page.getByRole("navigation", { name: "Pages" });
    await menu.click();
    await navigation.getByRole("link", { name: "Settings" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await navigation.waitFor({ state: "hidden" });
    await menu.click();
    await navigation.getByRole("link", { name: "Settings" }).click();

    await page.waitForURL(/\/settings\/general/);
    await navigation.waitFor({ state: "hidden" });
    assert.equal(await menu.getAttribute("aria-expanded"), "false");
  });

  it("is accessible and fits in both themes, at 1280, 768 and 320 px", async () => {
    for (const dark of [false, true]) {
      for (const width of [1280, 768, 320]) {
        const page = await web.openPage({ as: "admin", path: "/people", dark, width });
        await page.getByRole("table").waitFor();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
});
