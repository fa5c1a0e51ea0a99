import type { MessagePart, MessageText } from "./template.ts";

/** As it goes into a mail: the same in both, so that nobody misses anything by how they read mail. */
export interface RenderedMessage {
  subject: string;
  text: string;
  html: string;
}

/** Lines longer than this are broken at a space; RFC 5322 §2.1.1 recommends 78 characters. */
const LINE_CHARACTERS = 76;

export function renderMessage(message: MessageText): RenderedMessage {
  const subject = oneLine(message.subject);
  return {
    subject,
    text: `${message.parts.map(textOf).join("\n\n")}\n`,
    html: htmlDocument(subject, message.parts.map(htmlOf).join("\n")),
  };
}

/** A subject is a header: what comes from a name in it must not begin another, nor turn round the words behind it. */
function oneLine(text: string): string {
  return withoutTurns(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

/** Without overrides and embeddings of direction: a name that leaves one open shows everything after it backwards. */
function withoutTurns(text: string): string {
  return text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, "");
}

function textOf(part: MessagePart): string {
  switch (part.kind) {
    case "paragraph":
      return wrapped(part.text, "");
    case "list":
      return part.items.map((item) => `- ${wrapped(item, "  ")}`).join("\n");
    case "link":
      return `${wrapped(part.label, "")}:\n${part.url}`;
    case "note":
      return `-- \n${wrapped(part.text, "")}`;
  }
}

/** Breaks at spaces; a word that is longer, such as an address, stays whole so that it can be clicked. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of oneLine(text).split(/ +/)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= LINE_CHARACTERS - indent.length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}

/*
 * Colors are set as pairs or not at all: a program that darkens a mail turns what has no color of its own, and leaves a
 * button whose text and ground are both given. Nothing is loaded from anywhere.
 */
const FONT = "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BUTTON =
  "display:inline-block;padding:10px 18px;border-radius:6px;background-color:#1d4ed8;color:#ffffff;" +
  "text-decoration:none;font-weight:600";

function htmlOf(part: MessagePart): string {
  switch (part.kind) {
    case "paragraph":
      return `<p style="margin:0 0 16px">${escapeHtml(part.text)}</p>`;
    case "list": {
      const items = part.items.map((item) => `<li style="margin:0 0 4px">${escapeHtml(item)}</li>`);
      return `<ul style="margin:0 0 16px;padding-left:24px">${items.join("")}</ul>`;
    }
    case "link":
      return (
        `<p style="margin:0 0 16px"><a href="${escapeHtml(webAddress(part.url))}" style="${BUTTON}">` +
        `${escapeHtml(part.label)}</a></p>`
      );
    case "note":
      return `<p style="margin:24px 0 0;font-size:13px;opacity:0.75">${escapeHtml(part.text)}</p>`;
  }
}

function htmlDocument(subject: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px">
<div style="max-width:600px;${FONT}">
${body}
</div>
</body>
</html>
`;
}

/** A link leads to the web; a template that says otherwise is wrong, whatever it was given. */
function webAddress(url: string): string {
  if (/^https?:\/\//.test(url)) return url;
  throw new Error(`A link of a message must be a web address, and "${url.slice(0, 40)}" is none.`);
}

export function escapeHtml(text: string): string {
  return withoutTurns(text).replaceAll(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
