import type { Text } from "../../../text/define.ts";
import { matrixTexts as texts } from "./texts.ts";

/** One right as a column of the matrix. */
export interface MatrixColumn {
  id: string;
  /** Over the columns that belong together; null where a right that we do not know stands by itself. */
  group: Text | null;
  /** In the head of the column; an unknown right keeps the source's own name. */
  label: Text | string;
  /** As `key/target`, the older model of Cloud first, then Data Center's. */
  pairs: readonly string[];
}

/**
 * Confluence's own order and grouping (FACTS §5). What only one of Cloud and Data Center has stays in its place for
 * both, so that columns do not move between sites.
 */
export const COLUMNS: readonly MatrixColumn[] = [
  { id: "view", group: texts.all, label: texts.view, pairs: ["read/space"] },
  { id: "deleteOwn", group: texts.all, label: texts.deleteOwn, pairs: ["delete/space", "delete_own/space"] },
  { id: "addPage", group: texts.pages, label: texts.add, pairs: ["create/page"] },
  { id: "archivePage", group: texts.pages, label: texts.archive, pairs: ["archive/page"] },
  { id: "deletePage", group: texts.pages, label: texts.delete, pairs: ["delete/page"] },
  { id: "addBlog", group: texts.blog, label: texts.add, pairs: ["create/blogpost"] },
  { id: "deleteBlog", group: texts.blog, label: texts.delete, pairs: ["delete/blogpost"] },
  { id: "addComment", group: texts.comments, label: texts.add, pairs: ["create/comment"] },
  { id: "deleteComment", group: texts.comments, label: texts.delete, pairs: ["delete/comment"] },
  { id: "addAttachment", group: texts.attachments, label: texts.add, pairs: ["create/attachment"] },
  { id: "deleteAttachment", group: texts.attachments, label: texts.delete, pairs: ["delete/attachment"] },
  { id: "restrict", group: texts.restrictions, label: texts.set, pairs: ["restrict_content/space", "restrict/space"] },
  { id: "deleteMail", group: texts.mail, label: texts.delete, pairs: ["delete_mail/space"] },
  { id: "export", group: texts.space, label: texts.export, pairs: ["export/space"] },
  { id: "administer", group: texts.space, label: texts.administer, pairs: ["administer/space"] },
];

/** What a right is made of, enough to lay it into columns. */
export interface HeldRight {
  operations: readonly { key: string; target: string }[];
  permissions: readonly string[];
  canRead: boolean;
  canAdminister: boolean;
}

/** The ids of the columns that a right fills; a right that no column has is one by its own name. */
export function heldColumns(right: HeldRight): ReadonlySet<string> {
  const held = new Set<string>();
  // The server knows more spellings of these two than are told here.
  if (right.canRead) held.add("view");
  if (right.canAdminister) held.add("administer");
  for (const { key, target } of right.operations) held.add(columnOf(`${key}/${target}`));
  for (const permission of right.permissions) held.add(columnOf(permission));
  return held;
}

/** The known columns, and one for each other right that is held. */
export function columnsFor(rights: readonly HeldRight[]): readonly MatrixColumn[] {
  const known = new Set(COLUMNS.map(({ id }) => id));
  const others = new Set(rights.flatMap((right) => [...heldColumns(right)]).filter((id) => !known.has(id)));
  return [
    ...COLUMNS,
    ...[...others].toSorted().map((id) => ({ id, group: texts.more, label: inWords(id), pairs: [id] })),
  ];
}

function columnOf(right: string): string {
  return COLUMN_BY_SPELLING.get(plain(right)) ?? right;
}

/** Roles may spell `read/space` as `READ_SPACE` or `space:read`. */
function plain(right: string): string {
  return right.toLowerCase().replaceAll(/[^a-z]/g, "");
}

const COLUMN_BY_SPELLING = new Map(
  COLUMNS.flatMap(({ id, pairs }) =>
    pairs.flatMap((pair) => {
      const [key = "", target = ""] = pair.split("/");
      return [key + target, target + key].map((spelling): [string, string] => [plain(spelling), id]);
    }),
  ),
);

/** "manage_public_links/space" as "manage public links". */
function inWords(right: string): string {
  return right.replace(/\/space$/, "").replaceAll(/[_/]/g, " ");
}
