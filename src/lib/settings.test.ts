import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSettings } from "./settings.ts";

describe("the settings", () => {
  it("have a default for everything", () => {
    const settings = readSettings({});

    assert.equal(settings.port, 7400);
    assert.equal(settings.databaseUrl, null);
    assert.match(settings.keysFile, /keys\.json$/);
  });

  it("take an empty variable as not set", () => {
    assert.equal(readSettings({ DATABASE_URL: "" }).databaseUrl, null);
  });

  it("name every variable that is wrong and what would be right", () => {
    const read = () => readSettings({ USHER_PORT: "http", DATABASE_URL: "mysql://x", USHER_PUBLIC_URL: "usher" });

    assert.throws(read, {
      code: "settings.invalid",
      publicMessage:
        /USHER_PORT must be a number.*USHER_PUBLIC_URL must be a web address.*DATABASE_URL must look like postgres:/s,
    });
  });
});
