import { globSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

interface Text {
  id: string;
  message: string;
}

const WEB = fileURLToPath(new URL("../../src/web/", import.meta.url));

/** Every text of the pages by its id, sorted, as one JSON object: what another language is translated from. */
export async function webTexts(): Promise<string> {
  const texts = await collectTexts();
  const twice = texts.filter(({ id }, index) => texts.findIndex((other) => other.id === id) !== index);
  if (twice.length > 0) throw new Error(`Two texts have one id: ${twice.map(({ id }) => id).join(", ")}`);
  const byId = texts.map(({ id, message }): [string, string] => [id, message]);
  return `${JSON.stringify(Object.fromEntries(byId.sort(([one], [other]) => (one < other ? -1 : 1))), null, 2)}\n`;
}

/** What every `…texts.ts` defines. */
async function collectTexts(): Promise<Text[]> {
  const files = globSync(["**/texts.ts", "**/*-texts.ts"], { cwd: WEB });
  const modules = await Promise.all(
    files.sort().map((file) => import(pathToFileURL(WEB + file).href) as Promise<Record<string, Record<string, Text>>>),
  );
  return modules.flatMap((module) => Object.values(module).flatMap((texts) => Object.values(texts)));
}
