import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

/** Who may import whom, itself always; the reasons are in docs/architecture.md. `*` is anything. */
const ALLOWED: Record<string, readonly string[]> = {
  lib: [],
  model: ["lib"],
  rules: ["lib", "model"],
  sources: ["lib", "model"],
  store: ["lib", "model", "rules/conditions"],
  sync: ["lib", "model", "rules", "store", "sources/source.ts", "commands/context.ts"],
  actions: ["lib", "model", "rules", "store", "sources/source.ts"],
  commands: ["lib", "model", "rules", "store", "sources/source.ts"],
  jobs: ["lib", "model", "store", "sync", "actions", "commands"],
  api: ["lib", "model"],
  http: ["lib", "model", "api", "store", "rules", "commands"],
  web: ["api", "model"],
  cli: ["lib", "api", "app.ts"],
  terraform: ["lib", "api"],
  sim: ["lib"],
};

/** Packages that a folder may use although the general rule says otherwise. */
const RULES_PACKAGES: readonly string[] = ["@marcbachmann/cel-js"];

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

interface Import {
  file: string;
  /** Path below src for our own files, else the package as it is written. */
  target: string;
  isOurs: boolean;
  /** Erased before the program runs. */
  isTypeOnly: boolean;
}

const imports = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .flatMap(importsOf);
const production = imports.filter(({ file }) => !isTestSupport(file));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^;'"]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g,
  );
  return [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? "";
    const isOurs = specifier.startsWith(".");
    const isTypeOnly = /^\s*(?:import|export)\s+type\s/.test(match[0]);
    return {
      file,
      isOurs,
      isTypeOnly,
      target: isOurs ? relative(SRC, resolve(dirname(join(SRC, file)), specifier)) : specifier,
    };
  });
}

/** Tests and what only tests use may reach further: they wire real parts together. */
function isTestSupport(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || /(^|\/)testing\//.test(file);
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function say(refused: readonly Import[]): string[] {
  return refused.map(({ file, target }) => `${file} imports ${target}`);
}

describe("architecture", () => {
  it("lets a folder import only what the table allows", () => {
    const refused = production.filter(({ file, target, isOurs }) => {
      const folder = folderOf(file);
      if (!isOurs || folder === "app.ts" || folderOf(target) === folder) return false;
      if (folder === "cli" && file.startsWith("cli/demo") && folderOf(target) === "sim") return false;
      return !(ALLOWED[folder] ?? []).some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
    });

    assert.deepEqual(say(refused), []);
  });

  it("keeps rules pure: no package and no node module", () => {
    const refused = production.filter(
      ({ file, target, isOurs }) => folderOf(file) === "rules" && !isOurs && !RULES_PACKAGES.includes(target),
    );

    assert.deepEqual(say(refused), []);
  });

  it("isolates the sources from each other", () => {
    const refused = production.filter(({ file, target, isOurs }) => {
      if (!isOurs || folderOf(file) !== "sources" || folderOf(target) !== "sources") return false;
      const [, from] = file.split("/");
      const [, to] = target.split("/");
      if (from === "index.ts" || !target.includes("/", "sources/".length)) return false;
      return to !== from && to !== "atlassian";
    });

    assert.deepEqual(say(refused), []);
  });

  it("lets only the composition root pick a source", () => {
    const refused = production.filter(
      ({ file, target, isOurs }) => isOurs && target === "sources/index.ts" && file !== "app.ts",
    );

    assert.deepEqual(say(refused), []);
  });

  it("has no circle of files that load each other", () => {
    const targetsByFile = Map.groupBy(
      production.filter(({ isOurs, isTypeOnly }) => isOurs && !isTypeOnly),
      ({ file }) => file,
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (done.has(file)) return;
      for (const { target } of targetsByFile.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of targetsByFile.keys()) visit(file, []);

    assert.deepEqual(circles, []);
  });
});
