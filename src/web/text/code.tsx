import { Fragment, type ReactNode } from "react";

/** A text of the server with what stands between backticks as code: names of settings and commands to type. */
export function WithCode({ text }: { text: string }): ReactNode {
  return text.split("`").map((piece, index) =>
    index % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text never change places
      <code key={index}>{piece}</code>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text never change places
      <Fragment key={index}>{piece}</Fragment>
    ),
  );
}
