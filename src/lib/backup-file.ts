import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { Fault } from "./errors.ts";

/*
 * A backup: gzip of lines of JSON. The first line says whose it is, the last one that it is whole; between them each
 * table has a line that names its columns, a line a row, and a line with their number and hash.
 *
 *   {"usherBackup":1,"version":"0.1.0","lastMigration":"0008-workers.sql",…}
 *   {"table":"people","columns":["id","first_seen_at"]}
 *   ["person_0f3k8v2m1q7x","2026-05-03 12:00:00+00"]
 *   {"end":"people","rows":1,"sha256":"…"}
 *   {"whole":true,"tables":31,"rows":812345,"sha256":"…"}
 *
 * A value is the text that PostgreSQL writes for it, or null: so it is the same on every version and comes back exactly.
 */

/** Raised when a reader of this version could not understand the file any more. */
export const BACKUP_FORMAT = 1;

export const BackupHeader = z.object({
  usherBackup: z.int(),
  /** Of the Usher that made it. */
  version: z.string(),
  madeAt: z.string(),
  /** The newest migration of its database, by its file's name. */
  lastMigration: z.string(),
  /** Of the PostgreSQL it comes from; null where that does not tell. */
  systemIdentifier: z.string().nullable(),
  journal: z.object({ seq: z.int(), hash: z.string() }),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string(), isCalled: z.boolean() })),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

const TableBegin = z.object({ table: z.string(), columns: z.array(z.string()) });
const TableEnd = z.object({ end: z.string(), rows: z.int(), sha256: z.string() });
const Trailer = z.object({ whole: z.literal(true), tables: z.int(), rows: z.int(), sha256: z.string() });

export type BackupTable = z.infer<typeof TableBegin>;
export type BackupTableEnd = z.infer<typeof TableEnd>;

export type BackupPart =
  | { kind: "header"; header: BackupHeader }
  | { kind: "table"; table: BackupTable }
  /** Lines of rows, each a JSON array as long as the table's columns. */
  | { kind: "rows"; lines: string[] }
  | { kind: "end"; end: BackupTableEnd }
  | { kind: "whole"; tables: number; rows: number };

/** Rows that are handed on together; bounds the memory, as does their size. */
const BATCH_ROWS = 2_000;
const BATCH_CHARACTERS = 4_000_000;

/**
 * A backup in its parts, each checked before it is given: what a hash does not fit, what is cut off, and what a newer
 * version wrote throws a Fault "backup.damaged", "backup.not-one" or "backup.newer".
 */
export async function* readBackupFile(path: string): AsyncGenerator<BackupPart> {
  const file = createReadStream(path);
  const text = file.pipe(createGunzip());
  file.on("error", (error) => text.destroy(error));
  const whole = createHash("sha256");
  let tables = 0;
  let rows = 0;
  let open: { table: string; rows: number; hash: Hash } | null = null;
  let hasHeader = false;
  let hasTrailer = false;
  let lines: string[] = [];
  let characters = 0;

  try {
    for await (const line of linesOf(text)) {
      if (hasTrailer) throw damaged(path, "something follows its end");
      if (!hasHeader) {
        yield { kind: "header", header: headerOf(path, line) };
        hasHeader = true;
        add(whole, line);
        continue;
      }
      if (open && line.startsWith("[")) {
        add(open.hash, line);
        add(whole, line);
        open.rows += 1;
        lines.push(line);
        characters += line.length;
        if (lines.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) {
          yield { kind: "rows", lines };
          lines = [];
          characters = 0;
        }
        continue;
      }
      const value = jsonOf(line);
      const end = TableEnd.safeParse(value);
      if (open && end.success && end.data.end === open.table) {
        if (end.data.rows !== open.rows)
          throw damaged(path, `${open.table} has ${open.rows} rows, not ${end.data.rows}`);
        if (end.data.sha256 !== open.hash.digest("hex")) throw damaged(path, `the rows of ${open.table} were altered`);
        if (lines.length > 0) yield { kind: "rows", lines };
        lines = [];
        characters = 0;
        tables += 1;
        rows += open.rows;
        open = null;
        add(whole, line);
        yield { kind: "end", end: end.data };
        continue;
      }
      const begin = TableBegin.safeParse(value);
      if (!open && begin.success) {
        open = { table: begin.data.table, rows: 0, hash: createHash("sha256") };
        add(whole, line);
        yield { kind: "table", table: begin.data };
        continue;
      }
      const trailer = Trailer.safeParse(value);
      if (open || !trailer.success) throw damaged(path, "a line in it is none of a backup");
      if (trailer.data.tables !== tables || trailer.data.rows !== rows)
        throw damaged(path, "tables or rows are missing");
      if (trailer.data.sha256 !== whole.digest("hex")) throw damaged(path, "it was altered after it was written");
      hasTrailer = true;
      yield { kind: "whole", tables, rows };
    }
  } catch (error) {
    throw inWords(path, error);
  } finally {
    file.destroy();
    text.destroy();
  }
  if (!hasHeader) throw notOne(path);
  if (!hasTrailer) throw damaged(path, "it was cut off before its end");
}

/** Ends with what stands after the last line break, if anything does. Errors of the stream are thrown. */
async function* linesOf(text: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of text.setEncoding("utf8")) {
    const pieces = (rest + String(chunk)).split("\n");
    rest = pieces.pop() ?? "";
    yield* pieces;
  }
  if (rest !== "") yield rest;
}

export interface BackupSummary {
  header: BackupHeader;
  tables: number;
  rows: number;
}

/** Reads a backup from its first line to its last and checks everything in it. Throws as `readBackupFile` does. */
export async function verifyBackupFile(path: string): Promise<BackupSummary> {
  let header: BackupHeader | null = null;
  for await (const part of readBackupFile(path)) {
    if (part.kind === "header") header = part.header;
    if (part.kind === "whole" && header) return { header, tables: part.tables, rows: part.rows };
  }
  throw damaged(path, "it was cut off before its end");
}

/** The lines of a backup, hashed as they are written. */
export function createBackupWriter() {
  const whole = createHash("sha256");
  let open: { table: string; rows: number; hash: Hash } | null = null;
  let tables = 0;
  let rows = 0;
  const written = (value: object): string => {
    const line = JSON.stringify(value);
    add(whole, line);
    return `${line}\n`;
  };
  return {
    header: (header: BackupHeader) => written(header),
    table(table: BackupTable): string {
      open = { table: table.table, rows: 0, hash: createHash("sha256") };
      return written(table);
    },
    /** Each line a JSON array without a line break. */
    rows(lines: readonly string[]): string {
      if (!open) throw new Error("Rows of a backup belong to a table.");
      open.rows += lines.length;
      for (const line of lines) {
        add(open.hash, line);
        add(whole, line);
      }
      return lines.map((line) => `${line}\n`).join("");
    },
    end(): string {
      if (!open) throw new Error("No table of the backup is open.");
      const end: BackupTableEnd = { end: open.table, rows: open.rows, sha256: open.hash.digest("hex") };
      tables += 1;
      rows += open.rows;
      open = null;
      return written(end);
    },
    trailer(): string {
      return `${JSON.stringify({ whole: true, tables, rows, sha256: whole.digest("hex") })}\n`;
    },
  };
}

/** As the writer hashes the rows of a table. */
export function addLine(hash: Hash, line: string): void {
  add(hash, line);
}

function add(hash: Hash, line: string): void {
  hash.update(line).update("\n");
}

function headerOf(path: string, line: string): BackupHeader {
  const value = jsonOf(line);
  const format = z.object({ usherBackup: z.int() }).safeParse(value);
  if (!format.success) throw notOne(path);
  if (format.data.usherBackup > BACKUP_FORMAT) {
    throw new Fault(`${path} has format ${format.data.usherBackup}.`, {
      code: "backup.newer",
      publicMessage: `${path} was made by a newer Usher, in a format that this one does not know. Restore it with that version.`,
    });
  }
  const header = BackupHeader.safeParse(value);
  if (!header.success) throw damaged(path, "its first line is not whole");
  return header.data;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not JSON: the schemas say what it is not.
    return null;
  }
}

function damaged(path: string, why: string, cause?: unknown): Fault {
  return new Fault(`The backup ${path} is damaged: ${why}.`, {
    code: "backup.damaged",
    publicMessage: `The backup ${path} is damaged: ${why}. Take another one.`,
    cause,
  });
}

function notOne(path: string, cause?: unknown): Fault {
  return new Fault(`${path} is no backup.`, {
    code: "backup.not-one",
    publicMessage: `${path} is not a backup that Usher made.`,
    cause,
  });
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such folder",
  EACCES: "you may not read it",
  EISDIR: "it is a folder",
};

/** zlib's and the file system's own errors, for whoever named the file. */
function inWords(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "Z_BUF_ERROR") return damaged(path, "it was cut off before its end", error);
  if (code === "Z_DATA_ERROR")
    return isHeaderError(error) ? notOne(path, error) : damaged(path, "it was altered", error);
  const why = UNREADABLE[code];
  if (why !== undefined) {
    return new Fault(`${path}: ${code}`, {
      code: "backup.unreadable",
      publicMessage: `The backup ${path} cannot be read: ${why}.`,
      cause: error,
    });
  }
  return error;
}

function isHeaderError(error: unknown): boolean {
  return error instanceof Error && error.message.includes("incorrect header check");
}
