import * as api from "../../api/settings.ts";
import { setGeneral } from "../../commands/settings/set-general.ts";
import { ok } from "../../lib/result.ts";
import { readInstallationFacts } from "../../store/doctor.ts";
import { findGeneralSettings } from "../../store/general-settings.ts";
import { findLastMigration, listKnownMigrations } from "../../store/schema-version.ts";
import { handle } from "../route.ts";

export const settingsHandlers = [
  handle(api.getSettings, async ({ reader, services }) => {
    const { environment, retention, publicUrl } = services.settings;
    const { isMailSet } = services;
    return ok({ general: await findGeneralSettings(reader), publicUrl, isMailSet, environment, retention });
  }),

  handle(api.getSystem, async ({ reader, services }) => {
    const { version, database: kind, startedAt } = services.installation;
    const [facts, migration, known, freeBytes, keys] = await Promise.all([
      readInstallationFacts(reader),
      findLastMigration(reader),
      listKnownMigrations(),
      services.settings.freeBytes(),
      services.settings.listKeys(),
    ]);
    const { versionNumber, sizeBytes } = facts.server;
    return ok({
      version,
      startedAt,
      database: {
        kind,
        version: `${Math.floor(versionNumber / 10_000)}.${versionNumber % 10_000}`,
        sizeBytes,
        migration,
        migrations: known.length,
        schema: facts.schema,
      },
      freeBytes,
      keys: [...keys],
      processes: facts.processes,
      lastBackupAt: facts.lastBackupAt,
    });
  }),

  handle(api.getGeneralSettings, async ({ reader }) => ok(await findGeneralSettings(reader))),

  handle(api.setGeneralSettings, ({ ctx, body, ifMatch }) => setGeneral(ctx, ifMatch, body)),
];
