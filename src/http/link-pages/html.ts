import { createHash } from "node:crypto";

/** Markup that was made here; a plain text in it is escaped. */
export interface Html {
  readonly markup: string;
}

/** Values are escaped, unless they are `Html` themselves; a list is put in one after another. */
export function html(strings: TemplateStringsArray, ...inserted: (Html | string | number | readonly Html[])[]): Html {
  let markup = strings[0] ?? "";
  inserted.forEach((each, index) => {
    markup += markupOf(each) + (strings[index + 1] ?? "");
  });
  return { markup };
}

/** Nothing at all, where a part of a page is left out. */
export const NOTHING: Html = { markup: "" };

function markupOf(value: Html | string | number | readonly Html[]): string {
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "markup" in value ? value.markup : value.map((each) => each.markup).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Works from 320 px on, by the reader's own font size, light or dark as the system is. */
const CSS = `
:root { color-scheme: light dark; --ink: #1c1e21; --ground: #ffffff; --line: #8a8f98; --soft: #f2f4f7; --act: #1d4ed8;
  --on-act: #ffffff; --wrong: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --ground: #16181c; --line: #7d838d; --soft: #22262c;
  --act: #9db8ff; --on-act: #10131a; --wrong: #ffb4a9; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 38rem; margin: 0 auto; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.125rem; margin: 0 0 .5rem; }
form { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
label { display: block; font-weight: 600; }
textarea, input { display: block; width: 100%; max-width: 100%; margin: .25rem 0 .75rem; padding: .5rem; font: inherit;
  color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: .375rem; }
button { min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--on-act);
  background: var(--act); border: 0; border-radius: .375rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.said { padding: .75rem 1rem; background: var(--soft); border-radius: .5rem; }
.wrong { color: var(--wrong); font-weight: 600; }
.note { font-size: .875rem; }
`;

const CSS_HASH = createHash("sha256").update(CSS).digest("base64");

/** Nothing is loaded from anywhere and nothing runs; the one style sheet is known by its hash. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${CSS_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  // The address is the proof: it is told to nobody, kept nowhere and found by no search.
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow",
};

export function htmlPage(title: string, body: Html): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${CSS}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body.markup}
</main>
</body>
</html>
`;
}
