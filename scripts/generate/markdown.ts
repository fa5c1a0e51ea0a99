/** A table of Markdown; a bar within a cell would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** The page's parts with an empty line between, below the word that it is made and not written. */
export function page(...parts: readonly string[]): string {
  return `<!-- Made by \`npm run generate\`. -->\n\n${parts.join("\n\n")}\n`;
}
