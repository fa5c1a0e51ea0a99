import type { SimulatedPosition } from "../store/reclamation/simulate.ts";
import { RequestProblem } from "./problem.ts";

/** Opaque to clients: where a page of a simulation ended. It holds no secret. */
export function writePosition({ lastUsedAt, accountId }: SimulatedPosition): string {
  return Buffer.from(JSON.stringify([lastUsedAt?.toISOString() ?? null, accountId])).toString("base64url");
}

/** Throws a RequestProblem 400 for what is no such cursor. */
export function readPosition(cursor: string): SimulatedPosition {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === 2) {
      const [used, accountId] = parts as unknown[];
      const lastUsedAt = used === null ? null : new Date(String(used));
      const isTime = lastUsedAt === null || !Number.isNaN(lastUsedAt.getTime());
      if (isTime && typeof accountId === "string" && /^account_[0-9a-z]{12}$/.test(accountId)) {
        return { lastUsedAt, accountId };
      }
    }
  } catch {
    // Not JSON, so not one of ours: told below.
  }
  const errors = [{ field: "body.cursor", what: "is not a cursor", expected: "`next` of the page before" }];
  throw new RequestProblem({ status: 400, code: "bad-cursor", detail: "The cursor is not a cursor.", errors });
}
