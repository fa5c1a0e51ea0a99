import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startUsher } from "../src/app.ts";
import { silentLog } from "../src/lib/log.ts";
import { readSettings } from "../src/lib/settings.ts";

describe("the first token", () => {
  let folder: string;
  let other: Server;
  let port: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-first-token-"));
    // PostgreSQL runs as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    assert.ok(address && typeof address === "object");
    port = address.port;
  });
  after(async () => {
    await new Promise((resolve) => other.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it("is not lost to a first start that fails, is told once, and can be replaced by a start that asks for it", async () => {
    const start = (onPort: number, newToken = false) =>
      startUsher({
        newToken,
        settings: readSettings({ USHER_DATA: join(folder, "data"), USHER_PORT: String(onPort) }),
        log: silentLog,
        environment: {},
      });

    await assert.rejects(start(port), /in use/);
    const first = await start(0);
    await first.stop();
    const second = await start(0);
    await second.stop();
    const third = await start(0, true);
    const answer = await fetch(`${third.apiUrl}/whoami`, { headers: { authorization: `Bearer ${third.firstToken}` } });
    await third.stop();

    assert.match(first.firstToken ?? "", /^usher_/);
    assert.equal(second.firstToken, null);
    assert.equal(answer.status, 200);
    assert.notEqual(third.firstToken, first.firstToken);
  });
});
