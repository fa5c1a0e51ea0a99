import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecretBox } from "../../lib/secret-box.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import { checkpointKeys, linkKeys } from "../../lib/signing.ts";
import type { JobParts, JobWork } from "../kinds.ts";

/** What jobs work with beside the database, with keys of its own; sites are opened only where a test says how. */
export function jobParts(given: Pick<JobParts, "db" | "clock" | "log"> & Partial<JobWork>): JobWork {
  const signing = [{ id: "test", key: randomBytes(32) }];
  return {
    secrets: createSecretBox([{ id: "test", key: randomBytes(32) }]),
    links: createLinkSigner(linkKeys(signing)),
    checkpointKeys: checkpointKeys(signing),
    publicUrl: "http://usher.example",
    holder: "this process",
    checkpointFile: join(tmpdir(), `usher-checkpoints-${randomBytes(6).toString("hex")}.jsonl`),
    mailer: null,
    webhooks: { post: () => Promise.reject(new Error("This test delivers to no webhook.")) },
    tell: async () => {},
    openSite: (siteId) => Promise.reject(new Error(`This test opens no site, ${siteId} among them.`)),
    ...given,
  };
}
