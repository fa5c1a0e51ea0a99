import { Fragment, type ReactNode } from "react";
import type { Text } from "./define.ts";
import { t, type TextValues } from "./t.ts";

/**
 * A text of which parts are more than text: `"Read <runs>what the last run did</runs> first."` with
 * `parts={{ runs: (words) => <Link …>{words}</Link> }}`. Tags do not nest.
 */
export function Rich({
  text,
  values,
  parts,
}: {
  text: Text;
  values?: TextValues;
  parts: Readonly<Record<string, (words: string) => ReactNode>>;
}): ReactNode {
  const pieces = t(text, values).split(/<(\w+)>(.*?)<\/\1>/g);
  return pieces.map((piece, index) => {
    // Text, tag, words, text, tag, words, …
    if (index % 3 === 1) return null;
    const tag = index % 3 === 2 ? (pieces[index - 1] ?? "") : "";
    // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text never change places
    return <Fragment key={index}>{index % 3 === 2 ? (parts[tag]?.(piece) ?? piece) : piece}</Fragment>;
  });
}
