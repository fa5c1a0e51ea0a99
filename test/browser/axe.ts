import { createRequire } from "node:module";
import type { Page } from "playwright-core";

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** WCAG 2.2 AA and axe's own best practices. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const { source } = createRequire(import.meta.url)("axe-core") as { source: string };

/** What axe finds wrong on the page as it is, in words; empty when nothing. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Evaluated, not added as a script, which the content security policy would refuse.
  await page.evaluate(source);
  const found = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    return (await axe.run({ runOnly: { type: "tag", values } })).violations;
  }, TAGS);
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => {
      const reason = failureSummary?.split("\n")[1]?.trim() ?? "";
      return `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${reason}`;
    }),
  );
}
