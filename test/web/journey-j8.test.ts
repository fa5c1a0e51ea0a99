import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listSpaceAccess } from "../../src/api/access.ts";
import { listSpaces } from "../../src/api/spaces.ts";
import { expectAccessible, useWeb } from "../support/web.ts";

describe("prove who could read a space", () => {
  const web = useWeb();

  /** A space of the first site, and somebody who may read it only by a group. */
  async function spaceReadByGroup() {
    const [siteId] = web.usher.siteIds;
    for await (const space of web.client.items(listSpaces, { query: { siteId, type: ["global"] } })) {
      const { spaceId } = space;
      for await (const reader of web.client.items(listSpaceAccess, { params: { spaceId }, query: { limit: 200 } })) {
        const [path] = reader.paths;
        if (path && reader.paths.length === 1 && path.through === "group") return { space, reader, group: path.name };
      }
    }
    return assert.fail("Nobody reads a space by one group alone.");
  }

  it("as it was, and through what, although they lost it since, and gives the same as a file", async () => {
    const { space, reader, group } = await spaceReadByGroup();
    const then = new Date().toISOString();
    const accounts = (await web.simulator.truth("acme")).accounts;
    const account = accounts.find(({ email }) => email === reader.email)?.id;
    await web.simulator.change([{ kind: "remove-member", site: "acme", group, account }]);
    await web.usher.requestRun(web.usher.siteIds[0] ?? "", "full");
    await web.usher.settledRuns();

    const page = await web.openPage({
      as: "auditor",
      path: `/spaces/${space.spaceId}?tab=access&asof=${encodeURIComponent(then)}`,
      // The field for the day takes days only; the address an instant as well.
      mayComplain: [/does not conform to the required format/],
    });
    const row = page.getByRole("row", { name: new RegExp(reader.name) }).first();
    const words = await row.innerText();
    const file = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
    const csv = await (await page.request.get(file ?? "")).text();
    const now = await web.openPage({ as: "auditor", path: `/spaces/${space.spaceId}?tab=access` });
    await now.getByRole("table").getByRole("row").nth(1).waitFor();

    assert.match(words, new RegExp(`Group ${escaped(group ?? "")}`));
    assert.ok(csv.includes(reader.email ?? ""), "The file has whoever the page shows.");
    assert.equal(await now.getByRole("row", { name: new RegExp(reader.name) }).count(), 0);
    await expectAccessible(now);
  });

  it("says of a day before the first look that nothing is known, never that nobody could", async () => {
    const { space } = await spaceReadByGroup();
    const page = await web.openPage({
      as: "auditor",
      path: `/spaces/${space.spaceId}?tab=access`,
      mayComplain: [/status of 4\d\d/],
    });
    await page.getByLabel("As of").fill("2020-05-03");

    await page.waitForURL(/asof=2020-05-03/);
    await page.getByText(/known/i).first().waitFor();
    assert.equal(await page.getByText("Nobody with an account may read this space.").count(), 0);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
