import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Column } from "../../parts/table/table-types.ts";
import { formatExact, formatNumber, NONE } from "../../text/format.ts";
import { entryWords } from "./entry-words.ts";
import classes from "./page.module.css";
import { formatStamp, type Zone } from "./stamp.ts";
import { texts } from "./texts.ts";
import { type Entry, whoOf } from "./who.tsx";

export function columnsIn(zone: Zone): readonly Column<Entry>[] {
  return [
    { id: "seq", label: texts.number, width: 90, sort: "seq", cell: ({ seq }) => <Number seq={seq} /> },
    {
      id: "time",
      label: texts.time,
      width: 185,
      cell: ({ at }) => (
        <time dateTime={at} title={formatExact(at)} className={classes["stamp"]}>
          {formatStamp(at, zone)}
        </time>
      ),
    },
    { id: "who", label: texts.who, width: 190, cell: (entry) => whoOf(entry) },
    { id: "did", label: texts.did, width: 240, cell: ({ entry }) => <span title={entry}>{entryWords(entry)}</span> },
    { id: "to", label: texts.to, width: 280, cell: (entry) => <To entry={entry} /> },
  ];
}

/** Opens the entry beside the list; the address is the entry's own. */
function Number({ seq }: { seq: number }): ReactNode {
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({ ...before, open: String(seq) }) as never}
      resetScroll={false}
      onClick={(event) => event.stopPropagation()}
    >
      {formatNumber(seq)}
    </Link>
  );
}

/** What it was about: its name where the entry holds one, and its id. */
function To({ entry: { subjectId, detail, personal } }: { entry: Entry }): ReactNode {
  const name = [personal?.["name"], personal?.["label"], detail["name"]].find((each) => typeof each === "string");
  if (subjectId === null && name === undefined) return NONE;
  return (
    <span className={classes["to"]}>
      {name !== undefined && <span>{name as string}</span>}
      {subjectId !== null && <code className={classes["id"]}>{subjectId}</code>}
    </span>
  );
}
