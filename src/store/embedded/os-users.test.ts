import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLog, type Log } from "../../lib/log.ts";
import { chooseClusterOwner, type OsUser, type UserSystem } from "./os-users.ts";

const root: OsUser = { uid: 0, gid: 0, name: "root" };

describe("the user that PostgreSQL runs as", () => {
  it("is Node's own unless that is root", async () => {
    const rita: OsUser = { uid: 1000, gid: 1000, name: "rita" };

    assert.equal(await chooseClusterOwner(rita, silentLog, system("usher")), rita);
  });

  it("is, for root, usher rather than postgres rather than nobody", async () => {
    const chosen = [];
    for (const users of [
      ["postgres", "usher", "nobody"],
      ["nobody", "postgres"],
    ])
      chosen.push((await chooseClusterOwner(root, silentLog, system(...users))).name);

    assert.deepEqual(chosen, ["usher", "postgres"]);
  });

  it("is nobody in a container that has no better one, and the log says so", async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, message) => warnings.push(message) };

    const chosen = await chooseClusterOwner(root, log, { ...system("nobody"), isContainer: () => true });

    assert.equal(chosen.name, "nobody");
    assert.match(warnings.join(), /runs as nobody/);
  });

  it("is asked for outside a container, where nobody is shared with others", async () => {
    await assert.rejects(chooseClusterOwner(root, silentLog, system("nobody")), {
      code: "embedded-postgres.no-user",
      publicMessage: /useradd --system usher.*DATABASE_URL/,
    });
  });
});

function system(...names: string[]): UserSystem {
  return {
    findUser: async (name) => (names.includes(name) ? { uid: 500 + names.indexOf(name), gid: 500, name } : null),
    isContainer: () => false,
  };
}
