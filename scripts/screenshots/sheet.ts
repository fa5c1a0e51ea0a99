export interface Taken {
  view: string;
  /** Of the picture, beside the sheet. */
  file: string;
  /** Such as `1280 dark`. */
  how: string;
  complaints: readonly string[];
}

/** All pictures on one page, those of one view beside each other, with what was found on each. */
export function sheetOf(taken: readonly Taken[]): string {
  const views = [...new Set(taken.map(({ view }) => view))];
  const rows = views.map((view) => {
    const figures = taken.filter((each) => each.view === view).map(figureOf);
    return `<section><h2>${escape(view)}</h2><div>${figures.join("")}</div></section>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Usher, page by page</title>
<style>body{font:14px system-ui;margin:24px;background:#e9ebef}div{display:flex;gap:16px;flex-wrap:wrap;align-items:flex-start}
figure{margin:0}img{width:480px;border:1px solid #aaa}img.narrow{width:160px}li{color:#a00}</style>
<h1>${views.length} views</h1>${rows.join("\n")}</html>
`;
}

function figureOf({ file, how, complaints }: Taken): string {
  const found = complaints.map((words) => `<li>${escape(words)}</li>`).join("");
  const kind = how.startsWith("1280") ? "" : ' class="narrow"';
  return `<figure><a href="${file}"><img${kind} src="${file}" alt="${escape(how)}" loading="lazy"></a><figcaption>${escape(how)}<ul>${found}</ul></figcaption></figure>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
