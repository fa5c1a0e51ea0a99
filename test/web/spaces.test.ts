import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { listSpaceAccess } from "../../src/api/access.ts";
import { listGroups } from "../../src/api/groups.ts";
import { listSpaces } from "../../src/api/spaces.ts";
import { expectAccessible, expectNoSidewaysScroll, focusedName, tabTo, useWeb } from "../support/web.ts";

describe("the pages of spaces", () => {
  const web = useWeb();

  /** A space that people may read through a group. */
  async function spaceWithReaders() {
    for await (const space of web.client.items(listSpaces, {})) {
      const { items } = await web.client.call(listSpaceAccess, { params: { spaceId: space.spaceId } });
      const reader = items.find(({ paths }) => paths.some(({ through }) => through === "group"));
      if (reader) return { space, reader };
    }
    return assert.fail("The simulated company has a space that a group opens.");
  }

  async function openMatrix(search: string): Promise<Page> {
    const { space } = await spaceWithReaders();
    const page = await web.openPage({ as: "auditor", path: `/spaces/${space.spaceId}?tab=matrix${search}` });
    await page.getByRole("grid").waitFor();
    return page;
  }

  it("lists spaces, opens one beside the list, and the address restores it", async () => {
    const { space } = await spaceWithReaders();
    const page = await web.openPage({ as: "auditor", path: `/spaces?q=${space.key}` });

    await page.getByRole("link", { name: space.name }).first().click();
    await page.waitForURL(/open=space_/);
    await page.getByRole("dialog").getByRole("tab", { name: "Who has access" }).click();
    await page.waitForURL(/tab=access/);
    await page.reload();

    await page.getByRole("dialog").getByRole("table", { name: "Who has access" }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.search.includes("open=") && !url.search.includes("tab="));
  });

  it("answers who could read a space on a day, and through what", async () => {
    const { space, reader } = await spaceWithReaders();
    const today = new Date().toISOString().slice(0, 10);
    const page = await web.openPage({
      as: "auditor",
      path: `/spaces/${space.spaceId}?tab=access&asof=${today}`,
    });
    const row = page.getByRole("row", { name: new RegExp(reader.name) }).first();
    const through = reader.paths.find((path) => path.through === "group")?.name ?? "";

    await row.waitFor();

    assert.match(await row.innerText(), new RegExp(`Group ${through.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    await page.getByText("as it was at the end of").waitFor();
    const csv = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
    assert.match(csv ?? "", new RegExp(`asOf=${today}.*format=csv`));
  });

  it("moves through the matrix by keyboard, and Enter explains a cell with its ways", async () => {
    const page = await openMatrix("");
    const place = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset["place"]);
    await tabTo(page, /All: View/);

    assert.equal(await place(), "0/0");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.equal(await place(), "1/1");
    await page.keyboard.press("End");
    const lastColumn = Number((await place())?.split("/")[1]);
    await page.keyboard.press("Control+End");
    const corner = await place();
    await page.keyboard.press("Control+Home");
    assert.equal(await place(), "0/0");
    assert.ok(lastColumn >= 14 && corner?.endsWith(`/${lastColumn}`) && !corner.startsWith("1/"));

    const cell = await focusedName(page);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("May do this, because:").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    assert.match(cell, /All: View: (direct|through|as)/);
    assert.equal(await place(), "0/0");
  });

  it("shows rights as given, and of one group in all spaces, and who holds one right", async () => {
    const page = await openMatrix("&rights=direct");
    const { items } = await web.client.call(listGroups, { query: { sort: "-members", limit: 20 } });
    const group = items.find(({ opensSpaces }) => opensSpaces > 0) ?? assert.fail("Some group opens a space.");
    await page.getByRole("columnheader", { name: "About" }).waitFor();

    await page.getByRole("combobox", { name: "Show", exact: true }).selectOption("who");
    await page.getByRole("combobox", { name: "Person or group", exact: true }).fill(group.name);
    await page.getByRole("option", { name: group.name }).first().click();
    const ofGroup = page.getByRole("grid", { name: group.name });
    await ofGroup.waitFor();
    await page.waitForURL(/who=group_/);
    assert.ok((await ofGroup.getByRole("gridcell", { name: /View: direct/ }).count()) > 0);

    await page.getByRole("combobox", { name: "Show", exact: true }).selectOption("permission");
    await page.getByRole("combobox", { name: "Permission", exact: true }).selectOption("view");
    await page.getByRole("grid", { name: "All: View" }).waitFor();
    await page.waitForURL(/right=view/);
    assert.equal(await page.getByRole("columnheader", { name: "Groups" }).count(), 1);
    await expectAccessible(page);
  });

  it("are accessible and fit in both themes and at 320 px", async () => {
    const { space } = await spaceWithReaders();
    const paths = ["/spaces", `/spaces/${space.spaceId}`, `/spaces/${space.spaceId}?tab=access`];
    for (const path of [...paths, `/spaces/${space.spaceId}?tab=matrix`]) {
      for (const [dark, width] of [
        [false, 1280],
        [true, 320],
      ] as const) {
        const page = await web.openPage({ as: "auditor", path, dark, width });
        await page.getByRole("table").or(page.getByRole("grid")).or(page.locator("dl")).first().waitFor();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
});
