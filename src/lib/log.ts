import { pino } from "pino";

/** Structured lines for the operator. Never given a credential: `redact` is the second lock, not the first. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "clientSecret",
  "refreshToken",
  "accessToken",
];

/** JSON lines on standard error, so that standard output stays free for data; a file is for this user's eyes alone. */
export function createLog(options: { level?: string; file?: string } = {}): Log {
  const destination = pino.destination({ dest: options.file ?? 2, sync: true, mode: 0o600 });
  return pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: "[secret]" },
    },
    destination,
  );
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
