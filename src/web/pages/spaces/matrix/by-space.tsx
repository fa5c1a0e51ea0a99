import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { type Rows, useRows } from "../../../api/rows.ts";
import { Button } from "../../../parts/button.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { t } from "../../../text/t.ts";
import { Explain, type Explained, type Way } from "./explain.tsx";
import { type GridColumn, MatrixGrid } from "./grid.tsx";
import { gridColumn, markCell, type MarkRow, rightName } from "./mark-cell.tsx";
import { howOfPrincipal, marksOf, type RightOfRow } from "./marks.ts";
import { columnsFor, heldColumns } from "./operations.ts";
import { matrixTexts as texts } from "./texts.ts";

type Permission = RowOf<"spaces.permissions">;
type Reader = RowOf<"spaces.access">;

/** Principals or people in one page of the matrix. */
const PAGE_ROWS = 50;
/** Rights of a space that are read to lay people's access beside them; the rest is told. */
const RIGHTS_MAX = 2000;

interface SpaceMatrixProps {
  spaceId: string;
  space: string;
  asOf: string | null;
}

/** Who holds which rights on one space, as Confluence gives them: one row for each account, group or class. */
export function GivenInSpace({ spaceId, space, asOf }: SpaceMatrixProps): ReactNode {
  const rows = useRows("spaces.permissions", { params: { spaceId }, query: { asOf }, limit: PAGE_ROWS });
  const given = rows.items.map(rowOfPermission);
  const [explained, setExplained] = useState<Explained | null>(null);

  function explain(row: MarkRow & { right: Permission }, column: GridColumn): void {
    const way = wayOfPermission(row.right, "holder");
    const isHeld = row.marks.has(column.id);
    setExplained({
      who: row.name,
      right: `${rightName(column)}, ${space}`,
      ways: isHeld ? [way] : [],
      others: isHeld ? [] : [way],
    });
  }

  return (
    <MatrixFrame rows={rows} empty={t(texts.noRights)}>
      <MatrixGrid
        label={t(texts.title)}
        corner={texts.principal}
        columns={columnsFor(rows.items).map(gridColumn)}
        rows={given}
        hasRoles={rows.items.some(({ roles }) => roles.length > 0)}
        roleLabel={t(texts.role)}
        noteLabel={t(texts.note)}
        cellOf={markCell}
        onExplain={explain}
      />
      <Explain explained={explained} onClose={() => setExplained(null)} />
    </MatrixFrame>
  );
}

function rowOfPermission(right: Permission): MarkRow & { right: Permission } {
  const name = right.name ?? t(texts.unknownPrincipal, { id: right.principalId });
  return {
    id: `${right.principalType}/${right.principalId}/${right.roles.length > 0}`,
    name,
    head: name,
    role: right.roles.join(", "),
    note: right.members === null ? null : t(texts.people, { count: right.members }),
    marks: marksOf([{ right, how: howOfPrincipal(right.principalType), through: right.name }]),
    right,
  };
}

/** What each person who may read a space may do there, through whatever; rights that are given are read first. */
export function EffectiveInSpace({ spaceId, space, asOf }: SpaceMatrixProps): ReactNode {
  const given = useRows("spaces.permissions", { params: { spaceId }, query: { asOf }, limit: 200 });
  const people = useRows("spaces.access", { params: { spaceId }, query: { asOf }, limit: PAGE_ROWS });
  const [explained, setExplained] = useState<Explained | null>(null);
  const { isMore, isLoadingMore, loadMore, items } = given;
  useEffect(() => {
    if (isMore && !isLoadingMore && items.length < RIGHTS_MAX) loadMore();
  }, [isMore, isLoadingMore, loadMore, items.length]);
  const rights = Map.groupBy(items, ({ principalType, principalId }) => `${principalType}/${principalId}`);
  const isReady = given.about !== null && (!isMore || items.length >= RIGHTS_MAX);

  function explain(row: PersonRow, column: GridColumn): void {
    const ways = row.given.map((each) => ({ way: wayOfPath(each), isOfRight: heldColumns(each.right).has(column.id) }));
    setExplained({
      who: row.name,
      right: `${rightName(column)}, ${space}`,
      ways: ways.filter(({ isOfRight }) => isOfRight).map(({ way }) => way),
      others: ways.filter(({ isOfRight }) => !isOfRight).map(({ way }) => way),
    });
  }

  if (given.error) return <Failure error={given.error} onRetry={given.retry} />;
  if (!isReady) return <Loading />;
  return (
    <MatrixFrame rows={people} empty={t(texts.nobody)}>
      <MatrixGrid
        label={t(texts.title)}
        corner={texts.principal}
        columns={columnsFor(items).map(gridColumn)}
        rows={people.items.map((reader) => rowOfReader(reader, rights))}
        hasRoles={items.some(({ roles }) => roles.length > 0)}
        roleLabel={t(texts.role)}
        noteLabel={null}
        cellOf={markCell}
        onExplain={explain}
      />
      {isMore && <p>{t(texts.notListed, { count: items.length })}</p>}
      <Explain explained={explained} onClose={() => setExplained(null)} />
    </MatrixFrame>
  );
}

type Path = Reader["paths"][number];

interface GivenByPath extends RightOfRow {
  path: Path;
  permission: Permission;
}

interface PersonRow extends MarkRow {
  given: readonly GivenByPath[];
}

function rowOfReader(reader: Reader, rights: ReadonlyMap<string, readonly Permission[]>): PersonRow {
  const given = reader.paths.flatMap((path) => rightsOfPath(path, rights));
  return {
    id: reader.accountId,
    name: reader.name,
    head: (
      <Link to={`/people/${reader.personId}` as string} tabIndex={-1}>
        {reader.name}
      </Link>
    ),
    role: [...new Set(reader.paths.flatMap(({ roles }) => roles))].join(", "),
    note: null,
    marks: marksOf(given),
    given,
  };
}

/** What the principal of a path holds there: by permissions and by roles, on a site that is between both. */
function rightsOfPath(path: Path, rights: ReadonlyMap<string, readonly Permission[]>): GivenByPath[] {
  const type = path.through === "direct" ? "user" : path.through;
  const how = path.through === "direct" ? "direct" : path.through === "group" ? "group" : "everyone";
  const held = rights.get(`${type}/${path.principalId}`) ?? [];
  return held
    .filter(({ roles }) => roles.length > 0 === path.roles.length > 0)
    .map((permission) => ({ right: permission, how, through: path.name, path, permission }));
}

function wayOfPath({ path, permission, how }: GivenByPath): Way {
  return {
    id: `${how}/${path.principalId}/${path.via.join("/")}/${path.roles.length > 0}`,
    how,
    name: path.name,
    groupId: permission.groupId,
    via: path.via,
    roles: path.roles,
    since: permission.since,
  };
}

function wayOfPermission(right: Permission, groups: "holder"): Way {
  const how = right.principalType === "user" ? "direct" : right.principalType === "group" ? groups : "everyone";
  const { principalId: id, name, groupId, roles, since } = right;
  return { id, how, name, groupId, via: [], roles, since };
}

/** What every lens has around its grid: failure, skeleton, nothing there, more rows. */
export function MatrixFrame({
  rows,
  empty,
  children,
}: {
  rows: Rows<unknown>;
  empty: string;
  children: ReactNode;
}): ReactNode {
  return (
    <>
      {rows.error && <Failure error={rows.error} onRetry={rows.retry} />}
      {rows.isPending && !rows.error && <Loading />}
      {rows.about && rows.items.length === 0 && <p>{empty}</p>}
      {rows.items.length > 0 && children}
      {rows.isMore && (
        <Button isBusy={rows.isLoadingMore} onClick={rows.loadMore}>
          {t(texts.showMore)}
        </Button>
      )}
    </>
  );
}
