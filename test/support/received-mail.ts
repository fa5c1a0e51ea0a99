import assert from "node:assert/strict";
import type { ReceivedMail } from "../../src/actions/messages/testing/mail-server.ts";

/** A mail as whoever got it reads it. */
export interface ReadMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where its one link leads. */
  link: string;
}

/** Reads a mail of two parts, and holds both parts to lead to the same address. */
export function readMail({ to, raw }: ReceivedMail): ReadMail {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
  const boundary = /boundary="?([^";\r\n]+)/i.exec(head)?.[1];
  assert.ok(boundary, "The mail has no parts.");
  const parts = raw.split(`--${boundary}`);
  const text = bodyOf(parts, "text/plain");
  const html = bodyOf(parts, "text/html");
  const link = linkIn(text, /https?:\/\/\S+\/l\/\S+/g);
  assert.equal(linkIn(html, /(?<=href=")[^"]+(?=")/g), link);
  return { to: to.join(", "), subject: /^subject: (.*)$/im.exec(head)?.[1] ?? "", text, html, link };
}

function bodyOf(parts: readonly string[], type: string): string {
  const part = parts.find((each) => each.toLowerCase().includes(`content-type: ${type}`));
  assert.ok(part, `The mail has no ${type}.`);
  const cut = part.indexOf("\r\n\r\n");
  const encoding = /content-transfer-encoding: (\S+)/i.exec(part.slice(0, cut))?.[1]?.toLowerCase();
  const body = part.slice(cut + 4).replaceAll("\r\n", "\n");
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  return encoding === "quoted-printable" ? readQuoted(body) : body;
}

/** RFC 2045 §6.7. */
function readQuoted(body: string): string {
  const bytes = body
    .replaceAll(/=\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

function linkIn(body: string, pattern: RegExp): string {
  const [link, ...others] = [...new Set(body.match(pattern) ?? [])];
  assert.ok(link, "The mail has no link.");
  assert.deepEqual(others, []);
  return link;
}
