import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createLog } from "./log.ts";

describe("a log in a file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-log-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is one that no other user of the machine reads, and holds no secret that was given to it by mistake", async () => {
    const file = join(folder, "usher.log");
    const log = createLog({ file });

    log.info({ token: "usher_secret", request: { authorization: "Bearer usher_secret" } }, "a request");

    const text = await readFile(file, "utf8");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(text, /"msg":"a request"/);
    assert.doesNotMatch(text, /usher_secret/);
  });
});
