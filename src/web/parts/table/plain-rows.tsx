import { type ReactNode, useEffect, useImperativeHandle, useRef } from "react";
import type { ListId, RowOf } from "../../api/call.ts";
import type { BodyProps } from "./body-props.ts";
import { directionOf, HeadCell } from "./head-cell.tsx";
import { CellContent, clickOpens, SelectBox } from "./row-content.tsx";
import { SelectAll } from "./select-all.tsx";
import classes from "./table.module.css";

/** Rows a page key moves by. */
const PAGE = 10;
/** Also of .boxColumn. */
const BOX_PX = 40;

/** Up to 200 rows: a table as browsers and screen readers know it. */
export function PlainRows<Id extends ListId>(props: BodyProps<Id>): ReactNode {
  const { label, first, columns, acts, active, handle } = props;
  const scroll = useRef<HTMLDivElement>(null);
  useImperativeHandle(handle, () => ({
    count: first.items.length,
    rowAt: (index) => first.items[index] ?? null,
    page: PAGE,
  }));

  useEffect(() => {
    if (active.tick === 0) return;
    const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${active.index}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }, [active.tick, active.index]);

  const width = columns.reduce((sum, column) => sum + column.width, acts.isSelectable ? BOX_PX : 0);
  return (
    <div ref={scroll} className={classes["scroll"]} role="region" aria-label={label} tabIndex={-1} data-rows>
      <table className={classes["table"]} aria-label={label} aria-busy={props.isBusy} style={{ minWidth: width }}>
        <colgroup>
          {acts.isSelectable && <col className={classes["boxColumn"]} />}
          {columns.map((column, at) => (
            // The first takes what the others leave.
            <col key={column.id} style={at === 0 ? {} : { width: column.width }} />
          ))}
        </colgroup>
        <Head {...props} />
        <tbody>
          {first.items.map((row, index) => (
            <PlainRow key={acts.rowId(row)} row={row} index={index} props={props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Id extends ListId>({ columns, state, acts, canSort, onSize, ...props }: BodyProps<Id>): ReactNode {
  return (
    <thead>
      <tr>
        {acts.isSelectable && (
          <td className={classes["box"]}>
            <SelectAll checked={props.areAllSelected} onSelect={props.onSelectAll} />
          </td>
        )}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={directionOf(column, state.sort) ?? undefined}
            data-number={column.isNumber}
          >
            <HeadCell
              column={column}
              state={state}
              canSort={canSort(column)}
              onSize={(size) => onSize(column.id, size)}
            />
          </th>
        ))}
      </tr>
    </thead>
  );
}

function PlainRow<Id extends ListId>({
  row,
  index,
  props: { columns, acts, isSelected, openId, active },
}: {
  row: RowOf<Id>;
  index: number;
  props: BodyProps<Id>;
}): ReactNode {
  const id = acts.rowId(row);
  const { open } = acts;
  return (
    <tr
      data-index={index}
      data-open={openId === id}
      data-selected={isSelected(id)}
      aria-current={openId === id || undefined}
      tabIndex={index === active.index ? 0 : -1}
      data-opens={open !== null}
      onFocus={() => acts.activate(index)}
      onClick={open ? (event) => clickOpens(event) && open(row) : undefined}
    >
      {acts.isSelectable && (
        <td className={classes["box"]} onClick={(event) => event.stopPropagation()}>
          <SelectBox row={row} index={index} isSelected={isSelected(id)} acts={acts} />
        </td>
      )}
      {columns.map((column, at) => {
        const content = <CellContent column={column} row={row} isFirst={at === 0} acts={acts} />;
        return at === 0 ? (
          <th key={column.id} scope="row" data-number={column.isNumber}>
            {content}
          </th>
        ) : (
          <td key={column.id} data-number={column.isNumber}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}
