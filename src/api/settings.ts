import { z } from "zod";
import { defineRoute, instant, text } from "./contract.ts";
import { Process } from "./status.ts";

const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, "a time zone such as Europe/Berlin or UTC")
  .meta({ description: "IANA. Pages show times in it; everything is stored in UTC." });

const General = z
  .object({ name: z.string(), timeZone: z.string(), revision: z.int().meta({ description: "0: as made." }) })
  .meta({ id: "GeneralSettings" });

export const getGeneralSettings = defineRoute({
  id: "settings.general",
  method: "GET",
  path: "/settings/general",
  summary: "What the installation is called, and the time zone of its pages",
  scope: "any-token",
  answer: General,
  revisioned: true,
});

export const setGeneralSettings = defineRoute({
  id: "settings.set-general",
  method: "PUT",
  path: "/settings/general",
  summary: "Name the installation, and set the time zone of its pages",
  scope: "*",
  body: z.strictObject({ name: text(100), timeZone }),
  answer: General,
  revisioned: true,
  needsIfMatch: true,
});

export const getSettings = defineRoute({
  id: "settings.get",
  method: "GET",
  path: "/settings",
  summary: "How this installation is set up",
  description:
    "What the environment of the server sets is changed there, and holds after a restart. Nothing secret is told, only whether it is set.",
  scope: "journal:read",
  answer: z
    .object({
      general: General,
      publicUrl: z.string().meta({ description: "How browsers and mails reach it." }),
      isMailSet: z.boolean(),
      environment: z.array(
        z.object({
          name: z.string(),
          meaning: z.string(),
          default: z.string(),
          isSet: z.boolean(),
          value: z.string().nullable().meta({ description: "Without a user or a password." }),
        }),
      ),
      retention: z.array(z.object({ what: z.string(), days: z.int() })).meta({
        description: "What is deleted by itself, after how many days. Everything else is kept.",
      }),
    })
    .meta({ id: "Settings" }),
});

export const getSystem = defineRoute({
  id: "settings.system",
  method: "GET",
  path: "/settings/system",
  summary: "Version, database, processes, disk and keys",
  scope: "journal:read",
  answer: z
    .object({
      version: z.string(),
      startedAt: instant,
      database: z.object({
        kind: z.enum(["embedded", "external"]),
        version: z.string().meta({ description: "Of PostgreSQL, such as 18.1." }),
        sizeBytes: z.int(),
        migration: z.string().nullable().meta({ description: "The newest that it has." }),
        migrations: z.int().meta({ description: "Known to this version." }),
        schema: z.enum(["as-known", "older", "newer"]),
      }),
      freeBytes: z.int().nullable().meta({ description: "Where the data folder lies; null where nobody can tell." }),
      keys: z.array(
        z.object({
          id: z.string(),
          purpose: z.enum(["encryption", "signing"]),
          isCurrent: z.boolean().meta({ description: "New secrets are sealed, or new links signed, with it." }),
        }),
      ),
      processes: z.array(Process),
      lastBackupAt: instant.nullable(),
    })
    .meta({ id: "System" }),
});

export const settingsRoutes = [getSettings, getSystem, getGeneralSettings, setGeneralSettings];

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // What Intl does not know is no time zone.
    return false;
  }
}
