import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type Client, createClient } from "../../src/api/client.ts";
import { addCredential } from "../../src/api/credentials.ts";
import { createConnection, getConnection } from "../../src/api/connections.ts";
import { getAuthorization, startAuthorization } from "../../src/api/authorizations.ts";
import { startUsher, type Usher } from "../../src/app.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { readSettings } from "../../src/lib/settings.ts";
import { type SimulatorProcess, startSimulator } from "../support/simulator-process.ts";
import { launchChromium } from "./chromium.ts";

describe("consent in a browser", () => {
  let simulator: SimulatorProcess;
  let folder: string;
  let usher: Usher;
  let client: Client;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    simulator = await startSimulator();
    folder = await mkdtemp(join(tmpdir(), "usher-consent-"));
    // PostgreSQL runs as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    usher = await startUsher({
      settings: readSettings({ USHER_DATA: join(folder, "data"), USHER_PORT: "0" }),
      log: silentLog,
      environment: simulator.environment,
    });
    client = createClient({ baseUrl: usher.url, token: usher.firstToken ?? "", clock: systemClock });
    await simulator.allowCallbacks([`${usher.url}/oauth/callback`]);
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
  });
  after(async () => {
    await browser.close();
    await usher.stop();
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  async function beginConsent(name: string): Promise<{ connectionId: string; attemptId: string }> {
    const { id: connectionId } = await client.call(createConnection, {
      body: { name, owners: ["petra@acme.example"], sites: ["acme"] },
    });
    const credential = await client.call(addCredential, {
      params: { connectionId },
      body: {
        kind: "oauth",
        label: "Usher",
        clientId: "sim-client-usher",
        clientSecret: "sim-client-secret-usher",
      },
    });
    const { url, attemptId } = await client.call(startAuthorization, {
      params: { connectionId },
      body: { credentialId: credential.id },
    });
    await page.goto(url);
    return { connectionId, attemptId };
  }

  it("that is given comes back to a page that says so, and the sites are known", async () => {
    const { connectionId, attemptId } = await beginConsent("Given");
    await page.getByLabel("Acme Labs").check();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.waitForURL(/\/oauth\/callback/);

    const { state } = await client.call(getAuthorization, { params: { connectionId, attemptId } });
    const connection = await client.call(getConnection, { params: { connectionId } });
    assert.equal(await page.locator("h1").count(), 1);
    assert.match((await page.textContent("main")) ?? "", /Usher may now read your sites.*acme-labs/s);
    assert.equal(state, "authorized");
    assert.equal(connection.credentials[0]?.isAuthorized, true);
    assert.deepEqual(complaints, []);
  });

  it("that is refused comes back to a page that says what to do", async () => {
    const { connectionId, attemptId } = await beginConsent("Refused");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForURL(/\/oauth\/callback/);

    const { state } = await client.call(getAuthorization, { params: { connectionId, attemptId } });
    assert.equal(state, "declined");
    assert.match((await page.textContent("main")) ?? "", /You declined/);
    assert.deepEqual(complaints, []);
  });
});
