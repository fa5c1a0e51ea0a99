import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSecretBox } from "./secret-box.ts";

const first = { id: "first", key: Buffer.alloc(32, 1) };
const second = { id: "second", key: Buffer.alloc(32, 2) };

describe("the secret box", () => {
  it("opens what it sealed, and never seals twice alike", () => {
    const box = createSecretBox([first]);

    const sealed = [box.seal("credentials/c1/token", "hunter2"), box.seal("credentials/c1/token", "hunter2")];

    assert.equal(box.open("credentials/c1/token", sealed[0] ?? ""), "hunter2");
    assert.notEqual(sealed[0], sealed[1]);
    assert.ok(!sealed[0]?.includes("hunter2"));
  });

  it("refuses a secret that was moved to another row", () => {
    const box = createSecretBox([first]);

    const sealed = box.seal("credentials/c1/token", "hunter2");

    assert.throws(() => box.open("credentials/c2/token", sealed), { code: "secret.unreadable" });
  });

  it("still opens what an older key sealed after a new key was put first", () => {
    const sealed = createSecretBox([first]).seal("place", "hunter2");

    const rotated = createSecretBox([second, first]);

    assert.equal(rotated.open("place", sealed), "hunter2");
    assert.match(rotated.seal("place", "x"), /^v1\.second\./);
  });

  it("says that the key is missing, not that the secret is wrong", () => {
    const sealed = createSecretBox([first]).seal("place", "hunter2");

    assert.throws(() => createSecretBox([second]).open("place", sealed), {
      message: /key first is not in the key file/,
    });
  });
});
