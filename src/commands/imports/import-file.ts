/** A file as it comes in, cut into cells. The first record holds the headings. */
export interface ImportFile {
  /** As whoever gave it calls it; null where they did not. */
  name: string | null;
  /** Can be walked once. Throws a `FileFlaw` where the file cannot be read on. */
  records: AsyncIterable<readonly string[]>;
  /** Of the bytes that were read; after the last record. */
  sha256(): string;
}

/** The file as such cannot be read: no row of it is taken. */
export class FileFlaw extends Error {
  readonly field: string;
  readonly what: string;
  readonly expected: string;

  constructor({ field, what, expected }: { field: string; what: string; expected: string }) {
    super(`${field} ${what}`);
    this.name = new.target.name;
    this.field = field;
    this.what = what;
    this.expected = expected;
  }
}
