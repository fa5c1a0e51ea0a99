import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "./errors.ts";

/** One setting of the process, read from its environment; the reference page is made from this list. */
export interface SettingDescription {
  name: string;
  default: string;
  meaning: string;
}

export const SETTINGS: readonly SettingDescription[] = [
  {
    name: "USHER_DATA",
    default: "~/.local/share/usher",
    meaning: "Folder of everything Usher keeps: the embedded database, keys, logs.",
  },
  { name: "USHER_HOST", default: "127.0.0.1", meaning: "Address to listen on. `0.0.0.0` listens on every one." },
  { name: "USHER_PORT", default: "7400", meaning: "Port to listen on; 0 takes a free one." },
  {
    name: "USHER_PUBLIC_URL",
    default: "http://localhost:<port>",
    meaning: "How browsers reach Usher; the OAuth redirect URL is made from it.",
  },
  {
    name: "USHER_TRUSTED_PROXIES",
    default: "(none)",
    meaning:
      "Addresses or networks of the proxies before Usher, with commas between: `127.0.0.1, 10.1.0.0/16`. Only what comes " +
      "from them is believed when it says whose request it passes on (`X-Forwarded-For`), which waits of sign-ins go by.",
  },
  {
    name: "DATABASE_URL",
    default: "(none: embedded PostgreSQL)",
    meaning: "A PostgreSQL 15 or newer of your own: postgres://user@host/database.",
  },
  {
    name: "USHER_KEYS_FILE",
    default: "$USHER_DATA/keys.json",
    meaning: "Keys that encrypt stored credentials; back it up apart from the data.",
  },
  { name: "USHER_RUNS_MAX", default: "4", meaning: "Sites that one process reads at once." },
  { name: "USHER_LOG_LEVEL", default: "info", meaning: "debug, info, warn or error." },
  {
    name: "USHER_SMTP_URL",
    default: "(none: mail waits)",
    meaning:
      "Mail server: `smtps://user:password@host` (TLS from the start, port 465) or `smtp://user:password@host:587` " +
      "(STARTTLS, which is then required). `?tls=off` sends in the clear, for a relay on the same machine.",
  },
  {
    name: "USHER_MAIL_FROM",
    default: "(none: mail waits)",
    meaning: "Sender of every mail: `usher@example.com` or `Usher <usher@example.com>`.",
  },
  {
    name: "USHER_WEBHOOK_ALLOW",
    default: "(none)",
    meaning:
      "Internal addresses that webhooks may go to, with commas between: host names, addresses, networks such as " +
      "`10.1.0.0/16`. Public ones need no entry. Only those named here may be reached by plain http.",
  },
  {
    name: "USHER_ATLASSIAN_AUTH_URL",
    default: "https://auth.atlassian.com",
    meaning: "Where Atlassian signs people in; another only for a simulator.",
  },
  {
    name: "USHER_ATLASSIAN_API_URL",
    default: "https://api.atlassian.com",
    meaning: "Atlassian's gateway; another only for a simulator.",
  },
  {
    name: "USHER_ATLASSIAN_SITE_URL",
    default: "https://{name}.atlassian.net",
    meaning: "Address of a site by its name; another only for a simulator.",
  },
];

export interface Settings {
  dataDir: string;
  host: string;
  port: number;
  /** Without a trailing slash; null is made from the port once it is known. */
  publicUrl: string | null;
  /** Addresses and networks. */
  trustedProxies: string[];
  databaseUrl: string | null;
  keysFile: string;
  /** Sites that this process reads at once. */
  runsMax: number;
  logLevel: "debug" | "info" | "warn" | "error";
  /** Null: mail waits until both are set. */
  mail: MailSettings | null;
  /** Host names, addresses and networks. */
  webhookAllow: string[];
}

export interface MailSettings {
  smtpUrl: string;
  from: string;
}

const webUrl = z.url({ protocol: /^https?$/, error: "must be a web address such as https://usher.example.com" });

const Environment = z.object({
  USHER_DATA: z.string().min(1).optional(),
  USHER_HOST: z.string().min(1).default("127.0.0.1"),
  USHER_PORT: z.coerce.number({ error: "must be a number" }).int().min(0).max(65_535).default(7400),
  USHER_PUBLIC_URL: webUrl.optional(),
  USHER_TRUSTED_PROXIES: z
    .string()
    .regex(
      /^[\da-fA-F.:]+(?:\/\d{1,3})?(?:\s*,\s*[\da-fA-F.:]+(?:\/\d{1,3})?)*$/,
      "must be addresses or networks with commas between",
    )
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must look like postgres://user:password@host/database")
    .optional(),
  USHER_KEYS_FILE: z.string().min(1).optional(),
  USHER_RUNS_MAX: z.coerce.number({ error: "must be a number" }).int().min(1).max(64).default(4),
  USHER_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  USHER_SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must look like smtp://user:password@host:587" }).optional(),
  USHER_MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u, "must look like usher@example.com")
    .optional(),
  USHER_WEBHOOK_ALLOW: z
    .string()
    .regex(
      /^[A-Za-z0-9.:/_-]+(?:\s*,\s*[A-Za-z0-9.:/_-]+)*$/,
      "must be hosts, addresses or networks with commas between",
    )
    .optional(),
});

/** Reads the process's settings. An empty variable counts as not set. Throws a Fault that names every bad one. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");
    throw new Fault(`Bad settings: ${problems}`, {
      code: "settings.invalid",
      publicMessage: `Usher cannot start with these settings: ${problems}.`,
    });
  }
  const set = parsed.data;
  const dataDir = set.USHER_DATA ?? join(homedir(), ".local", "share", "usher");
  return {
    dataDir,
    host: set.USHER_HOST,
    port: set.USHER_PORT,
    publicUrl: set.USHER_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    trustedProxies: set.USHER_TRUSTED_PROXIES?.split(",").map((each) => each.trim()) ?? [],
    databaseUrl: set.DATABASE_URL ?? null,
    keysFile: set.USHER_KEYS_FILE ?? join(dataDir, "keys.json"),
    runsMax: set.USHER_RUNS_MAX,
    logLevel: set.USHER_LOG_LEVEL,
    mail: mailOf(set.USHER_SMTP_URL, set.USHER_MAIL_FROM),
    webhookAllow: set.USHER_WEBHOOK_ALLOW?.split(",").map((each) => each.trim().toLowerCase()) ?? [],
  };
}

/** A server without a sender, or the other way round, would let every mail wait without a word. */
function mailOf(smtpUrl: string | undefined, from: string | undefined): MailSettings | null {
  if (smtpUrl !== undefined && from !== undefined) return { smtpUrl, from };
  if (smtpUrl === undefined && from === undefined) return null;
  const [set, missing] =
    smtpUrl === undefined ? ["USHER_MAIL_FROM", "USHER_SMTP_URL"] : ["USHER_SMTP_URL", "USHER_MAIL_FROM"];
  throw new Fault(`Bad settings: ${set} is set and ${missing} is not.`, {
    code: "settings.invalid",
    publicMessage: `Usher cannot start with these settings: ${set} is set and ${missing} is not. Mail needs both.`,
  });
}
