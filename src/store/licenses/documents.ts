import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

export interface LicenseDocument {
  id: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  sha256: string;
  addedBy: string;
  addedAt: Date;
}

const COLUMNS = rawSql(`
  d.id, d.name, d.media_type as "mediaType", d.size_bytes as "sizeBytes", d.sha256, d.added_by as "addedBy",
  d.added_at as "addedAt"`);

export function documentList(licenseId: string): ListSource<LicenseDocument, LicenseDocument, "addedAt"> {
  return {
    sorts: { addedAt: { by: sql`d.added_at`, type: "timestamptz" } },
    tie: { by: sql`d.id`, type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from license_documents d
       where d.license_id = ${licenseId} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from license_documents d where d.license_id = ${licenseId}`,
  };
}

export async function countDocuments(reader: Reader, licenseId: string): Promise<number> {
  const [row] = await reader.query<{ total: number }>(sql`
    select count(*) as total from license_documents where license_id = ${licenseId}
  `);
  return row?.total ?? 0;
}

export async function insertDocument(
  tx: Tx,
  made: Omit<LicenseDocument, "id"> & { licenseId: string; content: Uint8Array },
): Promise<LicenseDocument> {
  const rows = await tx.query<LicenseDocument>(sql`
    insert into license_documents as d (license_id, name, media_type, size_bytes, sha256, content, added_by, added_at)
    values (${made.licenseId}, ${made.name}, ${made.mediaType}, ${made.sizeBytes}, ${made.sha256},
            ${Buffer.from(made.content)}, ${made.addedBy}, ${made.addedAt})
    returning ${COLUMNS}
  `);
  return rows[0]!;
}

export async function findDocument(
  reader: Reader,
  licenseId: string,
  documentId: string,
): Promise<(LicenseDocument & { content: Uint8Array }) | null> {
  const rows = await reader.query<LicenseDocument & { content: Uint8Array }>(sql`
    select ${COLUMNS}, d.content
      from license_documents d
     where d.license_id = ${licenseId} and d.id = ${documentId}
  `);
  return rows[0] ?? null;
}

export async function deleteDocument(tx: Tx, documentId: string): Promise<void> {
  await tx.execute(sql`delete from license_documents where id = ${documentId}`);
}
