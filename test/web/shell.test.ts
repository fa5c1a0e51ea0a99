import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectAccessible, expectNoSidewaysScroll, focusedName, tabTo, useWeb } from "../support/web.ts";

const ADA = { name: "Ada Okafor", email: "ada@usher.example", password: "four words nobody guesses" };

describe("the shell", () => {
  const web = useWeb({
    async prepare({ usher, url }) {
      const code = new URL(usher.usher.setupUrl ?? "").searchParams.get("code");
      await fetch(`${url}/api/v1/setup/admin`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code, ...ADA }),
      });
    },
  });

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
