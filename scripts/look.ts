// Looks at pages as a person would: opens each in headless Chromium, keeps a screenshot, and says what the browser's
// console and axe found.
//
//   npm run look -- --url http://localhost:7400 --token usher_… --out pictures /people "/people?status=idle"
//   npm run look -- … --dark --width 320 --lang en-XA --click "Save view" /people
//   npm run look -- … --scale 1280x800 --full /overview
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { findBarriers } from "../test/browser/axe.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { openLookedAt, settle, signInByLink } from "./looking.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string", default: "http://localhost:7400" },
    /** A link that signs in, as the demo prints it. */
    link: { type: "string" },
    /** Or an API token that every request carries. */
    token: { type: "string" },
    out: { type: "string", default: join(tmpdir(), "usher-look") },
    dark: { type: "boolean", default: false },
    width: { type: "string", default: "1280" },
    height: { type: "string", default: "800" },
    lang: { type: "string" },
    /** The whole page, not only what is above the fold. */
    full: { type: "boolean", default: false },
    /** Names of buttons, links, tabs or menu items to click first, in order. */
    click: { type: "string", multiple: true, default: [] },
    /** Keys to press afterwards, such as `Control+k`. */
    press: { type: "string", multiple: true, default: [] },
  },
});

const browser = await launchChromium();
const page = await openLookedAt(
  browser,
  {
    width: Number(values.width),
    height: Number(values.height),
    dark: values.dark,
    token: values.token,
    lang: values.lang,
  },
  (words) => console.log(`  ${words}`),
);
if (values.link !== undefined) await signInByLink(page, values.link);
await mkdir(values.out, { recursive: true });
for (const path of positionals) await look(page, path);
await browser.close();

async function look(page: Page, path: string): Promise<void> {
  console.log(path);
  await page.goto(new URL(path, values.url).href);
  await settle(page);
  for (const name of values.click) {
    const one = ["button", "link", "tab", "menuitem", "row"] as const;
    const all = one.map((role) => page.getByRole(role, { name }));
    await all
      .reduce((before, next) => before.or(next))
      .first()
      .click();
    await settle(page);
  }
  for (const key of values.press) await page.keyboard.press(key);
  await settle(page);
  const name = [
    path.replaceAll(/[^\w]+/g, "-").replaceAll(/^-|-$/g, "") || "start",
    values.width,
    ...(values.dark ? ["dark"] : []),
  ];
  const file = join(values.out, `${name.join("-").slice(0, 120)}.png`);
  await page.screenshot({ path: file, fullPage: values.full });
  console.log(`  ${file}  ${await page.title()}`);
  for (const barrier of await findBarriers(page)) console.log(`  axe ${barrier}`);
}
