import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

const SECTIONS = ["general", "people", "sign-in", "tokens", "notifications", "webhooks", "limits", "journal", "system"];
const PASSWORD = "four words nobody guesses";

describe("settings and one's account", () => {
  const web = useWeb({ isSynced: false });

  /** A page in a browser of its own, signed in as nobody. */
  const openLink = (link: string) => web.openPage({ path: new URL(link).pathname });

  const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

  it("invites a person, who sets a password by the link that is shown once and signs in", async () => {
    const page = await web.openPage({ as: "admin", path: "/settings/people", mayComplain: [/status of 400/] });
    await page.getByRole("button", { name: "Invite a person" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Rosa Costa");
    await dialog.getByLabel("E-mail").fill("not an address");
    await dialog.getByLabel("License manager").check();
    await page.keyboard.press("Control+Enter");
    await dialog.getByRole("alert").waitFor();
    await expectAccessible(page);
    await dialog.getByLabel("E-mail").fill("rosa@usher.example");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Give this link to Rosa Costa").waitFor();
    const link = (await page.getByRole("dialog").locator("code").textContent()) ?? "";

    const rosa = await openLink(link);
    await heading(rosa, "Welcome to Usher");
    await rosa.getByLabel("New password").fill(PASSWORD);
    await rosa.keyboard.press("Enter");

    await rosa.getByRole("button", { name: "Rosa Costa" }).waitFor();
    assert.equal(await rosa.getByRole("link", { name: "Licenses" }).count(), 1);
  });

  it("ends a session from another browser, which is led to sign in and back to where it was", async () => {
    const other = await web.openPage({ as: "auditor", path: "/help", mayComplain: [/status of 401/] });
    await heading(other, "Help");
    const page = await web.openPage({ as: "auditor", path: "/account?tab=sessions" });
    await page.getByRole("button", { name: "End session" }).first().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "End session" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });

    await other.getByRole("link", { name: "People" }).click();
    await other.waitForURL(/\/sign-in\?next=%2Fpeople|\/sign-in\?next=\/people/);
  });

  it("makes a token that is shown once and works, and revokes it", async () => {
    const page = await web.openPage({ as: "license-manager", path: "/settings/tokens" });
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Nightly export");
    await page.getByRole("dialog").getByLabel("inventory:read").check();
    assert.equal(await page.getByRole("dialog").getByLabel("operators:write").count(), 0);
    await page.getByRole("dialog").getByRole("button", { name: "Make a token" }).click();
    await page.getByText("This is shown once").waitFor();
    const token = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
    const ask = async () =>
      (await fetch(`${web.url}/api/v1/people`, { headers: { authorization: `Bearer ${token}` } })).status;
    const before = await ask();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Revoke Nightly export" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("cell", { name: "Revoked" }).waitFor();

    assert.match(token, /^usher_/);
    assert.equal(before, 200);
    assert.equal(await ask(), 401);
    assert.equal((await page.content()).includes(token), false);
  });

  it("saves single sign-on and never shows its secret again; what another admin saved first is not overwritten", async () => {
    const page = await web.openPage({ as: "admin", path: "/settings/sign-in", mayComplain: [/status of 412/] });
    const late = await web.openPage({ as: "admin", path: "/settings/sign-in", mayComplain: [/status of 412/] });
    await late.getByLabel("Single sign-on by OpenID Connect").waitFor();
    await page.getByLabel("Single sign-on by OpenID Connect").check();
    await page.getByLabel("Issuer").fill("https://login.acme.example");
    await page.getByLabel("Client ID").fill("usher");
    await page.getByLabel("Client secret").fill("a secret of the client");
    await page.getByLabel("Words on the button").fill("Sign in with Acme");
    await page.getByLabel("Roles by group").fill("usher-admins = admin");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("One is kept.").waitFor();
    await page.reload();
    await page.getByText("One is kept.").waitFor();

    await late.getByLabel("People may sign in by a password").uncheck();
    await late.getByRole("button", { name: "Save" }).click();
    await late.getByText("Somebody else changed this").waitFor();
    await late.getByRole("button", { name: "Show what is there now" }).click();
    await late.getByText("One is kept.").waitFor();

    assert.equal(await page.getByLabel("Client secret").inputValue(), "");
    assert.equal((await page.content()).includes("a secret of the client"), false);
    assert.equal(await late.getByLabel("People may sign in by a password").isChecked(), true);
  });

  it("keeps what was typed and not saved, until it is discarded", async () => {
    const page = await web.openPage({ as: "admin", path: "/settings/general" });
    await page.getByLabel("Name of this Usher").fill("Usher of Acme");
    await page.getByText("Unsaved changes").waitFor();
    await page.getByRole("link", { name: "System" }).first().click();
    await page.goBack();

    const name = page.getByLabel("Name of this Usher");
    await page.getByText("Unsaved changes").waitFor();
    assert.equal(await name.inputValue(), "Usher of Acme");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("Unsaved changes").waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Name of this Usher").inputValue(), "Usher");
  });

  it("is accessible and fits, section by section", async () => {
    const page = await web.openPage({ as: "admin", path: "/settings" });
    for (const section of SECTIONS) {
      await page.goto(`/settings/${section}`);
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
    const narrow = await web.openPage({ as: "admin", path: "/account", width: 320, dark: true });
    for (const path of ["/account", "/help", "/settings/notifications", "/settings/sign-in"]) {
      await narrow.goto(path);
      await narrow.waitForLoadState("networkidle");
      await expectAccessible(narrow);
      await expectNoSidewaysScroll(narrow);
    }
  });
});
