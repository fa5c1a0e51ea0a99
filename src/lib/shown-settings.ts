import { SETTINGS } from "./settings.ts";

/** A setting of the process as anybody may see it who may see settings. */
export interface ShownSetting {
  name: string;
  meaning: string;
  default: string;
  isSet: boolean;
  /** Null where it is not set. Of an address with a user and a password, only where it leads. */
  value: string | null;
}

/** What the environment sets, without anything secret. Names are told, contents of key files never. */
export function showSettings(environment: Record<string, string | undefined>): ShownSetting[] {
  return SETTINGS.map(({ name, meaning, default: otherwise }) => {
    const given = environment[name];
    const isSet = given !== undefined && given !== "";
    return { name, meaning, default: otherwise, isSet, value: isSet ? shown(name, given) : null };
  });
}

/** May carry a user and a password. */
const WITH_SECRETS = new Set(["DATABASE_URL", "USHER_SMTP_URL"]);

function shown(name: string, value: string): string {
  if (!WITH_SECRETS.has(name)) return withoutCredentials(value);
  if (!URL.canParse(value)) return "(set)";
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/** Nobody means to put a password into the other addresses; whoever did shall not read it here. */
function withoutCredentials(value: string): string {
  return value.replace(/\/\/[^/\s]*@/, "//");
}
