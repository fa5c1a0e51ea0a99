import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inWords } from "./faults.ts";

describe("what the system said about the database's directory is told in words", () => {
  const cases: [what: string, said: string, code: string][] = [
    ["a full disk by initdb", "initdb: error: could not create directory: No space left on device", "disk-full"],
    ["a full disk by Node", "ENOSPC: no space left on device, copyfile 'a' -> 'b'", "disk-full"],
    ["a quota", "FATAL:  could not write to file: Disk quota exceeded", "disk-full"],
    ["a read-only file system", "EROFS: read-only file system, mkdir '/data'", "read-only"],
    ["a file system without programs", "spawn /data/postgresql/bin/initdb EACCES", "no-execution"],
    ["a root that may not", "EPERM: operation not permitted, lchown '/data/cluster'", "no-other-user"],
    ["a directory of somebody else", "EACCES: permission denied, mkdir '/data/postgres'", "no-permission"],
    ["a file in the directory's place", "ENOTDIR: not a directory, mkdir '/file/data'", "not-a-directory"],
    ["anything else", "FATAL:  could not map anonymous shared memory", "failed"],
  ];
  for (const [what, said, code] of cases) {
    it(`${what} is ${code}`, () => {
      const fault = inWords(new Error(said), "/data");

      assert.equal(fault.code, `embedded-postgres.${code}`);
      assert.match(fault.publicMessage, /DATABASE_URL/);
      assert.ok(fault.message.includes(said));
    });
  }
});
