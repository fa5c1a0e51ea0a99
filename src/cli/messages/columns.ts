import type { listMessages } from "../../api/messages.ts";
import type { RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";

/** A mail or a delivery, wherever it is shown. */
export const MESSAGE: readonly Column<RowOf<typeof listMessages>>[] = [
  idColumn((message) => message.id),
  textColumn("Channel", (message) => message.channel),
  textColumn("Kind", (message) => message.kind),
  textColumn("To", (message) => message.recipient),
  stateColumn("State", (message) => message.state),
  numberColumn("Tries", (message) => message.attempts),
  numberColumn("Code", (message) => message.statusCode),
  instantColumn("Queued", (message) => message.createdAt),
  instantColumn("Next try", (message) => message.nextAt),
  textColumn("Error", (message) => message.error),
];
