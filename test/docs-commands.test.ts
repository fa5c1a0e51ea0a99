import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { systemClock } from "../src/lib/clock.ts";
import { ranUsher } from "./support/run-cli.ts";

const CHECKOUT = new URL("..", import.meta.url);

interface Written {
  page: string;
  command: string;
}

/** Commands as a reader would copy them: lines of a code block, or a whole inline code. */
async function written(pattern: RegExp): Promise<Written[]> {
  const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
  for await (const page of glob("docs/**/*.md", { cwd: CHECKOUT })) pages.push(page);
  const found: Written[] = [];
  for (const page of pages.sort()) {
    const text = (await readFile(new URL(page, CHECKOUT), "utf8")).replaceAll("\\\n", " ");
    for (const [, line, inline] of text.matchAll(/^(?: {4,}|\t)(.+)$|`([^`\n]+)`/gm)) {
      const command = (line ?? inline ?? "").replace(/\s+#.*$/, "").trim();
      if (pattern.test(command)) found.push({ page, command });
    }
  }
  return found;
}

/** The nouns and verbs of a command: what stands before the first option, argument or name. */
function pathOf(command: string): string[] {
  const words = command.replace(/^npx /, "").split(/\s+/).slice(1);
  const end = words.findIndex((each) => !/^[a-z][a-z-]*$/.test(each));
  return end < 0 ? words : words.slice(0, end);
}

describe("the documentation", () => {
  let commands: Written[];
  before(async () => {
    commands = await written(/^(npx )?usher [a-z]/);
  });

  it("shows only commands that exist, each with options that it takes", async () => {
    assert.ok(commands.length > 40, "the commands of the guide were not found");
    for (const { page, command } of commands) {
      const path = pathOf(command);
      if (path[0] === "help") continue;
      const { stdout } = await ranUsher([...path, "--help"], { environment: {}, clock: systemClock });

      assert.ok(stdout.startsWith(`Usage: usher ${path.join(" ")} `), `${page}: ${command}`);
      // A quoted text may hold anything; what is left are the options of the command itself.
      for (const [option] of command.replaceAll(/'[^']*'|"[^"]*"/g, "").matchAll(/(?<=\s)--[a-z-]+/g)) {
        assert.match(stdout, new RegExp(`${option}\\b`), `${page}: ${command}`);
      }
    }
  });

  it("names only scripts of npm that exist", async () => {
    const { scripts } = JSON.parse(await readFile(new URL("package.json", CHECKOUT), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const { page, command } of await written(/^npm (run|test|start)\b/)) {
      const name = /^npm (?:run )?([a-z:]+)/.exec(command)?.[1] ?? "";
      assert.ok(name in scripts, `${page}: ${command}`);
    }
  });
});
