import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getGroup, listGroups } from "../../src/api/groups.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

describe("the pages of groups", () => {
  const web = useWeb();

  async function groupWhere(isWanted: (group: Awaited<ReturnType<typeof allGroups>>[number]) => boolean) {
    return (await allGroups()).find(isWanted) ?? assert.fail("The simulated company has such a group.");
  }

  async function allGroups() {
    return (await web.client.call(listGroups, { query: { limit: 200 } })).items;
  }

  it("say what a group gives, to whom and who keeps it, beside the list and alone", async () => {
    const group = await groupWhere(({ givesSeat, members }) => givesSeat === "user" && members > 0);
    const page = await web.openPage({ as: "admin", path: "/groups?givesSeat=true" });

    await page.getByRole("link", { name: group.name, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: group.name });
    await dialog
      .getByRole("link", { name: group.members.toLocaleString("en-US"), exact: true })
      .first()
      .waitFor();
    await dialog.getByRole("link", { name: "Open page" }).click();
    await page.getByRole("heading", { name: group.name, level: 1 }).waitFor();
    await page.getByRole("tab", { name: "Members" }).click();

    await page.getByRole("table", { name: `Members of ${group.name}` }).waitFor();
    assert.match(page.url(), /tab=members/);
  });

  it("say of a group without members what it still opens", async () => {
    const group = await groupWhere(({ members, opensSpaces }) => members === 0 && opensSpaces > 0);
    const page = await web.openPage({ as: "auditor", path: `/groups/${group.groupId}` });

    await page.getByText(/^No members\. It still opens \d+ spaces?\.$/).waitFor();
  });

  it("compare two groups: who is in one only, and who in both", async () => {
    const [one, other] = (await allGroups()).filter(({ members }) => members > 0);
    assert.ok(one && other);
    const page = await web.openPage({ as: "auditor", path: `/groups/${one.groupId}?tab=compare` });

    await page.getByLabel("Compare with").fill(other.name);
    await page.getByRole("option", { name: other.name }).first().click();
    await page
      .getByRole("heading", { name: new RegExp(`^Only .*: \\d`) })
      .first()
      .waitFor();

    assert.match(page.url(), /with=group_/);
    assert.equal(await page.getByRole("heading", { name: /^Both: / }).count(), 2);
  });

  it("let who may drop a group as one that gives a seat, with a reason, and confirm it again", async () => {
    const { groupId, name } = await groupWhere(({ givesSeat }) => givesSeat === "user");
    const stateOf = async () => (await web.client.call(getGroup, { params: { groupId } })).productAccess;
    const auditor = await web.openPage({ as: "auditor", path: `/groups/${groupId}` });
    await auditor.getByText("Confirmed").waitFor();
    assert.equal(await auditor.getByRole("button", { name: "Drop…" }).count(), 0);

    const page = await web.openPage({ as: "admin", path: `/groups/${groupId}` });
    await page.getByRole("button", { name: "Drop…" }).click();
    await page.getByLabel("Reason").fill("Contractors have seats of their own");
    await page.getByRole("button", { name: "Drop the group" }).click();
    await page.getByText(`${name} is dropped.`).waitFor();
    assert.equal(await stateOf(), "dropped");
    await page.getByRole("button", { name: "Confirm after all" }).click();
    await page.getByText(`${name} is confirmed.`).waitFor();
    assert.equal(await stateOf(), "confirmed");
  });

  it("are accessible and fit in both themes and at 320 px", async () => {
    const { groupId } = await groupWhere(({ members, opensSpaces }) => members > 0 && opensSpaces > 0);
    const tabs = ["", "?tab=members", "?tab=spaces"].map((search) => `/groups/${groupId}${search}`);
    for (const path of ["/groups", `/groups?open=${groupId}`, ...tabs]) {
      for (const [dark, width] of [
        [false, 1280],
        [true, 320],
      ] as const) {
        const page = await web.openPage({ as: "admin", path, dark, width });
        await page.getByRole("table").or(page.locator("dl")).first().waitFor();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
});
