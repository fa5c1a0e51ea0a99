import { createHash } from "node:crypto";
import { ok, refuse, type Result } from "../../lib/result.ts";
import {
  countDocuments,
  deleteDocument,
  findDocument,
  insertDocument,
  type LicenseDocument,
} from "../../store/licenses/documents.ts";
import { lockLicense } from "../../store/licenses/licenses.ts";
import type { Context } from "../context.ts";

const DOCUMENTS_MAX = 50;

/** Keeps a file with a license, as it is. The journal knows it by its hash. */
export function addDocument(
  { db, clock, actor }: Context,
  licenseId: string,
  { name, mediaType, content }: { name: string; mediaType: string; content: Uint8Array },
): Promise<Result<LicenseDocument, "no-such-license" | "too-many-documents">> {
  return db.transaction(async (tx) => {
    if (!(await lockLicense(tx, licenseId))) return refuse("no-such-license");
    if ((await countDocuments(tx, licenseId)) >= DOCUMENTS_MAX) return refuse("too-many-documents");
    const sha256 = createHash("sha256").update(content).digest("hex");
    const sizeBytes = content.byteLength;
    const addedBy = actor.operatorId;
    const made = { licenseId, name, mediaType, content, sizeBytes, sha256, addedBy, addedAt: clock.now() };
    const document = await insertDocument(tx, made);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "license.document-added",
      subjectId: licenseId,
      detail: { documentId: document.id, sha256, sizeBytes },
      personal: { name },
    });
    return ok(document);
  });
}

export function removeDocument(
  { db, actor }: Context,
  licenseId: string,
  documentId: string,
): Promise<Result<null, "no-such-license" | "no-such-document">> {
  return db.transaction(async (tx) => {
    if (!(await lockLicense(tx, licenseId))) return refuse("no-such-license");
    const document = await findDocument(tx, licenseId, documentId);
    if (!document) return refuse("no-such-document");
    await deleteDocument(tx, documentId);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "license.document-removed",
      subjectId: licenseId,
      detail: { documentId, sha256: document.sha256 },
      personal: { name: document.name },
    });
    return ok(null);
  });
}
