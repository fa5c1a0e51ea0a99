import { z } from "zod";
import { defineRoute } from "./contract.ts";

export const createBackup = defineRoute({
  id: "backups.create",
  method: "POST",
  path: "/backups",
  summary: "Everything Usher keeps, as one file",
  description:
    "As of one moment, while everything goes on; a restore reads it. It holds names, e-mails and the hashes of API tokens, " +
    "and credentials only as they are sealed: without the key file, which is not in it, nobody can open them. The file " +
    "is whole only when its last line is there; `usher backup verify` tells.",
  scope: "backup:read",
  answer: z.string(),
  produces: "file",
});

export const confirmCopy = defineRoute({
  id: "restore.confirm",
  method: "POST",
  path: "/restore/confirmation",
  summary: "Say that this restored copy is the living one",
  description: "Its connections stay paused until each is resumed.",
  scope: "backup:write",
  refusals: {
    "not-restored": { status: 409, says: "This installation is no restored copy that waits for anybody." },
  },
});

export const backupRoutes = [createBackup, confirmCopy];
