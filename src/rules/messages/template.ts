/** A piece of a message to a person; every message is made of them, so that its text and its HTML say the same. */
export type MessagePart =
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "link"; label: string; url: string }
  /** What need not be read: how often this comes, who runs this Usher. */
  | { kind: "note"; text: string };

export interface MessageText {
  subject: string;
  parts: MessagePart[];
}

/** Makes addresses for messages while they are written. */
export interface MessageLinks {
  /** A page of Usher by its path. */
  page(path: string): string;
  /** A link that needs no sign-in: it opens one page for one holder until it expires. */
  signed(claims: { purpose: string; subjectId: string; holder: string; expiresAt: Date }): string;
}

/**
 * What a kind of message says. `data` is what its command queued with it; a kind whose facts may have changed since asks
 * for them in its command, not here.
 */
export interface MessageTemplate {
  kind: string;
  write(data: Readonly<Record<string, unknown>>, links: MessageLinks): MessageText;
}
