import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { listJournal } from "../../src/api/journal.ts";
import { expectAccessible, expectNoSidewaysScroll, useWeb } from "../support/web.ts";

const VERIFIER = join(import.meta.dirname, "../../src/cli/journal/verify-journal.mjs");

describe("the page of the journal", () => {
  const web = useWeb();

  async function entryOf(kind: string) {
    const { items } = await web.client.call(listJournal, { query: { entry: [kind], limit: 1 } });
    return items[0] ?? assert.fail(`There is no entry of the kind ${kind}.`);
  }

  it("leads from an entry to its hash, verifies the chain, and exports what the standalone checker finds intact", async () => {
    const published = await entryOf("connection.published");
    const page = await web.openPage({ as: "auditor", path: "/journal?entry=connection.*" });
    await page.getByText(/Chain verified to #[\d,]+/).waitFor();
    await page
      .getByRole("row", { name: /published a connection/ })
      .getByRole("link")
      .first()
      .click();
    await page.getByRole("dialog").getByText(published.hash).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: "Verify…" }).click();
    await page.getByRole("button", { name: "Verify now" }).click();
    await page.getByText(/entries are as recorded\./).waitFor();

    await page.getByRole("button", { name: "Export evidence…" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    const folder = await mkdtemp(join(tmpdir(), "usher-evidence-"));
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    const { stdout } = await promisify(execFile)(process.execPath, [VERIFIER, file]);
    await rm(folder, { recursive: true });

    assert.match(stdout, /INTACT/);
    await entryOf("journal.exported");
  });

  it("finds by who, what and when, says which window it shows, and the address restores it", async () => {
    const page = await web.openPage({
      as: "admin",
      path: "/journal?actor=setup&entry=product-access.*&from=2020-01-01",
    });
    await page
      .getByRole("row", { name: /confirmed a group that gives a seat/ })
      .first()
      .waitFor();
    const { total } = await web.client.call(listJournal, {
      query: { actor: "setup", entry: ["product-access.*"], limit: 1, total: true },
    });

    await page.getByText(`Showing Jan 1, 2020 → now · ${total} entries`).waitFor();
    assert.equal(await page.getByRole("row", { name: /published a connection/ }).count(), 0);
  });

  it("prints times in UTC until one asks for one's own", async () => {
    const at = new Date((await entryOf("connection.published")).at);
    const page = await web.openPage({ as: "admin", path: "/journal?entry=connection.published" });
    const utc = at.toISOString().slice(0, 19).replace("T", " ");
    await page.getByRole("row", { name: new RegExp(utc) }).waitFor();

    await page.getByRole("button", { name: "Local" }).click();

    const local = new Date(at.getTime() + 3_600_000 * offsetHours(at)).toISOString().slice(0, 19).replace("T", " ");
    await page.getByRole("row", { name: new RegExp(local) }).waitFor();
    assert.match(page.url(), /zone=local/);
  });

  it("is accessible and fits in both themes, at 1280 and 320 px", async () => {
    const { seq } = await entryOf("connection.published");
    for (const dark of [false, true]) {
      for (const width of [1280, 320]) {
        for (const path of ["/journal", `/journal?open=${seq}`]) {
          const page = await web.openPage({ as: "auditor", path, dark, width });
          await page
            .getByText(path === "/journal" ? "signed in" : "Previous hash")
            .first()
            .waitFor();
          await expectAccessible(page);
          await expectNoSidewaysScroll(page);
        }
      }
    }
  });
});

/** Amsterdam's, where the tests' browser is. */
function offsetHours(at: Date): number {
  const hour = new Intl.DateTimeFormat("en-US", { hour: "numeric", hourCycle: "h23", timeZone: "Europe/Amsterdam" });
  return (Number(hour.format(at)) - at.getUTCHours() + 24) % 24;
}
