import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { emptyTestDatabase, testDatabase } from "./database.ts";

describe("a test database", () => {
  it("has every migration applied", async () => {
    const { connection, drop } = await testDatabase();

    assert.ok((await tablesOf(connection)).includes("runs"));
    await drop();
  });

  it("may also be empty", async () => {
    const { connection, drop } = await emptyTestDatabase();

    assert.deepEqual(await tablesOf(connection), []);
    await drop();
  });

  it("shares nothing with another one made at the same time", async () => {
    const [one, other] = await Promise.all([testDatabase(), testDatabase()]);

    await query(one.connection, "create table only_here (n int)");

    assert.ok(!(await tablesOf(other.connection)).includes("only_here"));
    await Promise.all([one.drop(), other.drop()]);
  });

  it("is dropped also while somebody is connected", async () => {
    const { connection, name, drop } = await testDatabase();
    const client = new pg.Client(connection);
    const ended = new Promise<string>((resolve) => {
      client.on("error", (error) => resolve(error.message));
    });
    await client.connect();

    await drop();

    assert.match(await ended, /terminat/);
    await assert.rejects(query(connection, "select"), new RegExp(`database "${name}" does not exist`));
  });
});

async function tablesOf(connection: pg.ClientConfig): Promise<unknown[]> {
  const rows = await query(connection, "select tablename from pg_tables where schemaname = 'public'");
  return rows.map((row) => row["tablename"]);
}

async function query(connection: pg.ClientConfig, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
