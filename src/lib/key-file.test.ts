import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readKeyFile } from "./key-file.ts";

describe("the key file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-keys-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is made once with one key that only its owner may read", async () => {
    const path = join(folder, "new", "keys.json");

    const made = await Promise.all([readKeyFile(path), readKeyFile(path), readKeyFile(path)]);

    assert.deepEqual(made[1], made[0]);
    assert.deepEqual(made[2], made[0]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(folder, "new")), ["keys.json"]);
  });

  it("is refused when others may read it", async () => {
    const path = join(folder, "open.json");
    await readKeyFile(path);

    await chmod(path, 0o644);

    await assert.rejects(readKeyFile(path), { code: "keys.unusable", message: /set its mode to 0600/ });
  });
});
