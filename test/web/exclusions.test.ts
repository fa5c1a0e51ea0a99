import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listExclusionRules } from "../../src/api/exclusions.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

describe("exclusions in the browser", () => {
  const web = useWeb();

  it("says whom one would catch before it is saved, and adds it", async () => {
    const page = await web.openPage({ as: "admin", path: "/exclusions" });
    await page.getByRole("button", { name: "Add exclusion" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Everybody at Acme");
    await page.getByLabel("Who or what").selectOption("pattern");
    await page.getByLabel("Pattern").selectOption("domain");
    await page.getByLabel("Value").fill("acme.example");
    await page.getByText(/^Catches \d+ accounts/).waitFor();
    await page.getByRole("textbox", { name: "Why" }).fill("They decide themselves.");
    await page.getByRole("button", { name: /^Exclude \d+ accounts$/ }).click();

    await page.getByText("Everybody at Acme has effect now.").waitFor();
    const { items } = await web.client.call(listExclusionRules, { query: { q: "Everybody" } });
    assert.deepEqual(items[0]?.condition, { is: "expression", cel: 'account.emailDomain == "acme.example"' });
    assert.ok((items[0]?.hits ?? 0) > 0);
  });

  it("names a person by a part of their name, edits, and ends with a reason", async () => {
    const page = await web.openPage({ as: "admin", path: "/exclusions" });
    await page.getByRole("button", { name: "Add exclusion" }).click();
    await page.getByLabel("Name", { exact: true }).fill("One of us");
    await page.getByLabel("People", { exact: true }).fill("a");
    await page.locator("ul[id] button").first().click();
    await page.getByText(/^Catches 1 account/).waitFor();
    await page.getByRole("textbox", { name: "Why" }).fill("On leave.");
    await page.getByRole("button", { name: "Exclude 1 account" }).click();
    await page.getByText("One of us has effect now.").waitFor();

    await page.getByText("One of us", { exact: true }).first().click();
    await page.getByRole("button", { name: "Edit…" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("On leave until spring.");
    await page.getByRole("button", { name: /^Save: 1 account$/ }).click();
    await page.getByText("On leave until spring.").first().waitFor();

    await page.getByRole("button", { name: "End…", exact: true }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("Back again.");
    await page.getByRole("button", { name: "End exclusion" }).click();
    await page.getByText("One of us has ended.").waitFor();
  });

  it("says which field is wrong, and saves nothing", async () => {
    const page = await web.openPage({ as: "admin", path: "/exclusions", mayComplain: [/status of 4\d\d/] });
    await page.getByRole("button", { name: "Add exclusion" }).click();
    await page.getByRole("button", { name: /^Exclude \d+ accounts$/ }).click();

    await page.getByRole("alert").first().waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid"), "true");
  });

  it("leaves out what somebody may not change", async () => {
    const page = await web.openPage({ as: "auditor", path: "/exclusions" });
    await page.getByText("App accounts").first().waitFor();

    assert.equal(await page.getByRole("button", { name: "Add exclusion" }).count(), 0);
  });

  it("is open to everybody, in both themes and on a narrow screen", async () => {
    for (const look of [{}, { dark: true }, { width: 320 }]) {
      const page = await web.openPage({ as: "admin", path: "/exclusions", ...look });
      await page.getByText("App accounts").first().click();
      await page.getByRole("button", { name: "Switch off…" }).waitFor();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
      if ("width" in look) await expectNoSidewaysScroll(page);
    }
  });
});
