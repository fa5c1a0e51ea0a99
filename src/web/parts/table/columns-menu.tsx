import { ArrowDown, ArrowUp, Columns3, Minus, Plus } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { Button, IconButton } from "../button.tsx";
import { Icon } from "../icon.tsx";
import {
  type ColumnChoice,
  isChanged,
  isShown,
  moveColumn,
  orderColumns,
  placeColumn,
  sizeColumn,
  WIDTH_STEP,
} from "./columns.ts";
import classes from "./columns-menu.module.css";
import { Popup } from "../popup.tsx";
import type { Column } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

interface ColumnsMenuProps<Row> {
  all: readonly Column<Row>[];
  choice: ColumnChoice;
  /** Null: back to the page's own. */
  onChange: (choice: ColumnChoice | null) => void;
}

/** Chooses, orders and sizes the columns, by buttons or by dragging. */
export function ColumnsMenu<Row>(props: ColumnsMenuProps<Row>): ReactNode {
  return (
    <Popup
      className={button["button"]}
      label={t(texts.columns)}
      align="end"
      words={
        <>
          <Icon of={Columns3} />
          {t(texts.columns)}
        </>
      }
    >
      <ColumnList {...props} />
    </Popup>
  );
}

function ColumnList<Row>({ all, choice, onChange }: ColumnsMenuProps<Row>): ReactNode {
  const [dragged, setDragged] = useState<string | null>(null);
  const ordered = orderColumns(all, choice);
  return (
    <>
      <ol role="list" className={classes["list"]}>
        {ordered.map((column, at) => (
          <li
            key={column.id}
            className={classes["item"]}
            draggable={at > 0}
            data-dragged={dragged === column.id}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              setDragged(column.id);
            }}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => allowDrop(event, dragged !== null && at > 0)}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) onChange(placeColumn(all, choice, dragged, at));
            }}
          >
            <ColumnItem column={column} at={at} count={ordered.length} all={all} choice={choice} onChange={onChange} />
          </li>
        ))}
      </ol>
      <div className={classes["foot"]}>
        <Button kind="quiet" disabled={!isChanged(choice)} onClick={() => onChange(null)}>
          {t(texts.resetColumns)}
        </Button>
      </div>
    </>
  );
}

function ColumnItem<Row>({
  column,
  at,
  count,
  all,
  choice,
  onChange,
}: ColumnsMenuProps<Row> & { column: Column<Row>; at: number; count: number }): ReactNode {
  const { id } = column;
  const label = t(column.label);
  const width = choice.widths[id] ?? column.width;
  return (
    <>
      <label className={classes["name"]}>
        <input
          type="checkbox"
          checked={at === 0 || isShown(column, choice)}
          disabled={at === 0}
          onChange={(event) => onChange({ ...choice, shown: { ...choice.shown, [id]: event.target.checked } })}
        />
        {label}
      </label>
      <IconButton
        icon={Minus}
        label={t(texts.narrower, { column: label })}
        onClick={() => onChange(sizeColumn(choice, id, width - WIDTH_STEP))}
      />
      <IconButton
        icon={Plus}
        label={t(texts.wider, { column: label })}
        onClick={() => onChange(sizeColumn(choice, id, width + WIDTH_STEP))}
      />
      <IconButton
        icon={ArrowUp}
        label={t(texts.moveUp, { column: label })}
        disabled={at < 2}
        onClick={() => onChange(moveColumn(all, choice, id, -1))}
      />
      <IconButton
        icon={ArrowDown}
        label={t(texts.moveDown, { column: label })}
        disabled={at === 0 || at === count - 1}
        onClick={() => onChange(moveColumn(all, choice, id, 1))}
      />
    </>
  );
}

function allowDrop(event: DragEvent, isAllowed: boolean): void {
  if (!isAllowed) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
}
