import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { changeConnection, createConnection, listConnections } from "../../src/api/connections.ts";
import { expectAccessible, useWeb } from "../support/web.ts";

const OWNER = "Member@usher.example";

describe("whoever owns a connection, without a role", () => {
  const web = useWeb();
  let ownId: string;
  let draftId: string;

  before(async () => {
    const { client } = web;
    const { items } = await client.call(listConnections, { query: {} });
    ownId = items[0]?.id ?? assert.fail("There is no connection.");
    await client.call(changeConnection, { params: { connectionId: ownId }, body: { owners: [OWNER] }, ifMatch: "*" });
    const wish = { source: "confluence-cloud" as const, capabilities: undefined };
    const draft = await client.call(createConnection, { body: { ...wish, name: "Mine to set up", owners: [OWNER] } });
    draftId = draft.id;
    await client.call(createConnection, { body: { ...wish, name: "Somebody else's", owners: ["petra@acme.example"] } });
  });

  const open = (path: string): Promise<Page> => web.openPage({ as: "member", path });
  const namesOf = (page: Page, role: "link" | "button") => page.getByRole("main").getByRole(role).allTextContents();

  it("begins with theirs, and is shown no page that they may not read", async () => {
    const page = await open("/");

    await page.waitForURL(/\/connections$/);
    await page.getByRole("row", { name: /Acme/ }).getByRole("button", { name: "Sync now: Acme" }).waitFor();
    await page.getByRole("link", { name: "Continue set-up: Mine to set up" }).waitFor();
    assert.equal(await page.getByText("Somebody else's").count(), 0);
    const pages = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allTextContents();
    assert.deepEqual(pages, ["Connections", "Settings"]);
  });

  it("reads and changes it, but lets Usher write nowhere", async () => {
    const page = await open(`/connections/${ownId}`);
    await page.getByText("User search").waitFor();

    const buttons = await namesOf(page, "button");
    for (const name of ["Sync now", "Pause…", "Archive…", "Check now"]) assert.ok(buttons.includes(name), name);
    assert.ok(!buttons.includes("Set to Act…"));
    const links = await namesOf(page, "link");
    assert.ok(links.includes("Jobs") && !links.includes("People"), links.join());
    await expectAccessible(page);

    await page.getByRole("tab", { name: "Groups" }).click();
    const row = page.getByRole("row", { name: /Everyone at Acme/ });
    await row.getByRole("button", { name: /Leave out/ }).waitFor();
    assert.equal(await row.getByRole("link").count(), 0);

    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Acme of Max");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("heading", { name: "Acme of Max" }).waitFor();
  });

  it("starts a sync, sees what it did, and finds its jobs", async () => {
    const page = await open(`/connections/${ownId}`);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page
      .getByText(/^One sync of .* began/)
      .first()
      .waitFor();
    await page.getByRole("main").getByRole("link", { name: "Job results" }).click();
    await page.getByRole("row", { name: /Acme/ }).first().getByRole("link").first().click();
    await page.waitForURL(/\/runs\/run_/);
    await page.getByRole("button", { name: "Run again" }).waitFor();

    await page.goto(`/connections/${ownId}`);
    await page.getByRole("main").getByRole("link", { name: "Jobs", exact: true }).click();
    await page
      .getByRole("button", { name: /Run now/ })
      .first()
      .waitFor();
    await page
      .getByRole("link", { name: /^Refresh/ })
      .first()
      .click();
    await page.getByRole("heading", { level: 1, name: /Refresh/ }).waitFor();
    await page.getByRole("button", { name: "Run now" }).waitFor();
  });

  it("goes on with a set-up that waits for them, and begins none", async () => {
    const page = await open("/connections");
    await page.getByRole("link", { name: "Continue set-up: Mine to set up" }).click();
    await page.waitForURL(new RegExp(draftId));
    await page.getByRole("heading", { name: "Which site" }).waitFor();

    await page.goto("/setup");
    await page.getByText("needs the role Connection admin").waitFor();
  });
});
