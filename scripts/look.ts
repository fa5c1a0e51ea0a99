// Looks at pages as a person would: opens each in headless Chromium, keeps a screenshot, and says what the browser's
// console and axe found.
//
//   npm run look -- --url http://localhost:7400 --token usher_… --out /tmp/look /people "/people?status=idle"
//   npm run look -- … --dark --width 320 --lang en-XA --click "Save view" /people
//   npm run look -- … --scale 1280x800 --full /overview
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { launchChromium } from "../test/browser/chromium.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string", default: "http://localhost:7400" },
    /** A link that signs in, as the demo prints it. */
    link: { type: "string" },
    /** Or an API token that every request carries. */
    token: { type: "string" },
    out: { type: "string", default: "/tmp/usher-look" },
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

const SETTLED_MS = 400;

const browser = await launchChromium();
const context = await browser.newContext({
  viewport: { width: Number(values.width), height: Number(values.height) },
  colorScheme: values.dark ? "dark" : "light",
  extraHTTPHeaders: values.token === undefined ? {} : { authorization: `Bearer ${values.token}` },
});
if (values.lang !== undefined) {
  await context.addInitScript((lang) => localStorage.setItem("usher.lang", lang), values.lang);
}
const page = await context.newPage();
page.on("console", (message) => {
  if (message.type() === "error" || message.type() === "warning")
    console.log(`  console ${message.type()}: ${message.text()}`);
});
page.on("pageerror", (error) => console.log(`  page error: ${error.message}`));
if (values.link !== undefined) {
  await page.goto(values.link);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}
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
  await checkAccessibility(page);
}

async function settle(page: Page): Promise<void> {
  // Pages that follow a run never fall silent.
  await page.waitForLoadState("networkidle", { timeout: 5000 }).catch(() => undefined);
  await page.waitForTimeout(SETTLED_MS);
}

async function checkAccessibility(page: Page): Promise<void> {
  // Evaluated, not added as a script, which the content security policy would refuse.
  const { source } = createRequire(import.meta.url)("axe-core") as { source: string };
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await axe.run({ runOnly: { type: "tag", values: tags } })).violations;
  });
  for (const { id, help, nodes } of found) {
    console.log(`  axe ${id}: ${help}`);
    for (const { html, failureSummary } of nodes.slice(0, 3))
      console.log(`    ${html.slice(0, 160)}\n    ${failureSummary.split("\n")[1]}`);
  }
}

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}
