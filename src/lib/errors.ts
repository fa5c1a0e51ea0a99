/**
 * Something that should not have happened. `message` is for the operator's log, `publicMessage` for whoever made the
 * request. They are two fields so that neither has to be written with the other reader in mind.
 */
export class Fault extends Error {
  readonly code: string;
  readonly publicMessage: string;

  constructor(message: string, options: { code: string; publicMessage: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.publicMessage = options.publicMessage;
  }
}

/** The text of whatever was thrown; JavaScript allows anything to be. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
