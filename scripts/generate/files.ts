import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openApiOf } from "../../src/api/openapi.ts";
import { routes } from "../../src/api/routes.ts";
import { silentLog } from "../../src/lib/log.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { testDatabase } from "../../src/store/testing/database.ts";
import { permissionsPage } from "./api-permissions.ts";
import { billingRulesPage } from "./billing-rules.ts";
import { capabilitiesPage } from "./capabilities.ts";
import { conditionsPage } from "./conditions.ts";
import { dumpSchema } from "./schema.ts";
import { settingsPage } from "./settings.ts";
import { webRoutes } from "./web-routes.ts";
import { webTexts } from "./web-texts.ts";

/** Every generated file by its path below the checkout. The same code always gives the same bytes. */
export async function generateFiles(): Promise<Map<string, string>> {
  const { version } = JSON.parse(await readFile(fileOf("package.json"), "utf8")) as { version: string };
  return new Map([
    ["openapi.json", `${JSON.stringify(openApiOf(routes, version), null, 2)}\n`],
    ["schema.sql", await schemaOfFreshDatabase()],
    ["docs/reference/api-permissions.md", permissionsPage(routes)],
    ["docs/reference/billing-rules.md", billingRulesPage()],
    ["docs/reference/capabilities.md", capabilitiesPage()],
    ["docs/reference/conditions.md", conditionsPage()],
    ["docs/reference/settings.md", settingsPage()],
    ["src/web/api/routes.generated.ts", await webRoutes()],
    ["src/web/text/en.json", await webTexts()],
  ]);
}

/** Paths of the files that are not what the code gives. */
export async function findDrift(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of files) {
    const committed = await readFile(fileOf(name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (committed !== text) stale.push(name);
  }
  return stale;
}

export function fileOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

async function schemaOfFreshDatabase(): Promise<string> {
  const database = await testDatabase();
  const db = openDatabase(database.connection, { clock: systemClock, log: silentLog, connectionsMax: 1 });
  try {
    return await dumpSchema(db);
  } finally {
    await db.close();
    await database.drop();
  }
}
