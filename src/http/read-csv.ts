import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import { FileFlaw, type ImportFile } from "../commands/imports/import-file.ts";

/** A personnel file of a million people has some 200 bytes each; more is no file that somebody exported. */
const BYTES_MAX = 512 * 1024 * 1024;
/** A record that is longer was not closed: a quote is missing. */
const RECORD_BYTES_MAX = 256 * 1024;

/**
 * A CSV file in UTF-8 as it comes, never all in memory: with or without a byte order mark, with commas, semicolons or tabs
 * (whichever its first line has most of), cells with such signs or lines within them in double quotes.
 */
export function csvFile(name: string | null, bytes: AsyncIterable<Uint8Array>): ImportFile {
  const hash = createHash("sha256");
  return { name, records: recordsOf(bytes, hash), sha256: () => hash.digest("hex") };
}

async function* recordsOf(
  bytes: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<string[]> {
  const texts = textsOf(bytes, hash);
  const first = await firstLine(texts);
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(first),
    relax_column_count: true,
    max_record_size: RECORD_BYTES_MAX,
  });
  const source = Readable.from(joined(first, texts));
  // An error of the source is thrown by whoever reads the parser.
  source.once("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const record of parser) yield record as string[];
  } catch (thrown) {
    throw flawOf(thrown);
  } finally {
    source.destroy();
  }
}

async function* textsOf(
  bytes: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > BYTES_MAX) {
      throw new FileFlaw({ field: "body", what: "is too large", expected: `at most ${BYTES_MAX / 1024 / 1024} MiB` });
    }
    hash.update(chunk);
    yield decoded(() => decoder.decode(chunk, { stream: true }));
  }
  yield decoded(() => decoder.decode());
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new FileFlaw({ field: "body", what: "is not UTF-8", expected: "a file that is saved as CSV UTF-8" });
  }
}

/** Enough of the beginning to hold the first line. */
async function firstLine(texts: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    text += next.value;
    if (/[\r\n]/.test(text) || text.length > RECORD_BYTES_MAX) break;
  }
  return text;
}

function delimiterOf(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const count = (sign: string) => line.split(sign).length;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

async function* joined(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first !== "") yield first;
  yield* rest;
}

/** What csv-parse refused, in the words of whoever made the file. */
function flawOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !("code" in thrown) || !String(thrown.code).startsWith("CSV_")) return thrown;
  const { code, lines } = thrown as CsvError & { lines?: number };
  const field = lines === undefined ? "body" : `line ${lines}`;
  const expected =
    'cells with a delimiter, a quote or a line break in double quotes, and a quote within them twice: ""';
  if (code === "CSV_MAX_RECORD_SIZE") return new FileFlaw({ field, what: "begins a row that does not end", expected });
  return new FileFlaw({ field, what: "has a quote where none can stand", expected });
}
