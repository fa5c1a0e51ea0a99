import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { routes } from "../src/api/routes.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import { launchChromium } from "./browser/chromium.ts";

describe("the documentation page", () => {
  let server: TestServer;
  let browser: Browser;

  before(async () => {
    server = await startTestServer();
    await server.app.listen({ port: 0, host: "127.0.0.1" });
    browser = await launchChromium();
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  it("shows every noun of the API to whoever has no token, and asks no other host for anything", async () => {
    const { port } = server.app.server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const page = await browser.newPage();
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      const { origin: asked, protocol } = new URL(request.url());
      if (asked !== origin && protocol.startsWith("http")) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));

    await page.goto(`${origin}/docs`);
    await page.getByRole("heading", { name: "Usher" }).first().waitFor();
    await page.getByText("Version, database, and how old the data is").first().waitFor();
    const shown = await page.innerText("body");
    const nouns = new Set(routes.map((route) => route.id.split(".", 1)[0]!));

    assert.deepEqual(
      [...nouns].filter((noun) => !shown.includes(noun)),
      [],
    );
    assert.deepEqual(foreign, []);
    assert.deepEqual(complaints, []);
    assert.equal(await page.title(), "Usher API");
  });
});
