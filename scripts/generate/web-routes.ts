import { globSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AnyRoute } from "../../src/api/contract.ts";

const API = fileURLToPath(new URL("../../src/api/", import.meta.url));

interface NamedRoute {
  file: string;
  name: string;
  route: AnyRoute;
}

/**
 * What the pages know of the API: each route's method and path as data, its contract as a type. The contracts themselves
 * are schemas, which would be the largest part of what a browser loads.
 */
export async function webRoutes(): Promise<string> {
  const found = await findRoutes();
  const byFile = Map.groupBy(found, ({ file }) => file);
  const imports = [...byFile].map(([file, each]) => {
    const names = each.map(({ name }) => name).sort();
    const line = `import type { ${names.join(", ")} } from "../../api/${file}";`;
    return line.length <= 120
      ? line
      : `import type {\n${names.map((name) => `  ${name},\n`).join("")}} from "../../api/${file}";`;
  });
  const types = found.map(({ name, route }) => `  "${route.id}": typeof ${name};`);
  const paths = found.map(({ route }) => `  "${route.id}": ["${route.method}", "${route.path}"],`);
  return `// Made by \`npm run generate\` from src/api; not to be edited.
${imports.join("\n")}

/** The contract of each route, by its id. */
export interface Routes {
${types.join("\n")}
}

/** Method and path of each route, below /api/v1. */
export const ROUTES: { readonly [Id in keyof Routes]: readonly [method: string, path: string] } = {
${paths.join("\n")}
};
`;
}

async function findRoutes(): Promise<NamedRoute[]> {
  const files = globSync(`${API}*.ts`).filter((path) => !path.endsWith(".test.ts"));
  const found: NamedRoute[] = [];
  for (const path of files.sort()) {
    const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (isRoute(value)) found.push({ file: basename(path), name, route: value });
    }
  }
  return found.sort((one, other) => (one.route.id < other.route.id ? -1 : 1));
}

function isRoute(value: unknown): value is AnyRoute {
  return typeof value === "object" && value !== null && "path" in value && "method" in value && "scope" in value;
}
