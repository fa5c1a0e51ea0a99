import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SETTINGS } from "./settings.ts";
import { showSettings } from "./shown-settings.ts";

describe("settings as they are shown", () => {
  const find = (environment: Record<string, string>, name: string) =>
    showSettings(environment).find((each) => each.name === name);

  it("tells of every setting whether it is set", () => {
    const shown = showSettings({ USHER_PORT: "8080", USHER_HOST: "" });

    assert.deepEqual(
      shown.map(({ name }) => name),
      SETTINGS.map(({ name }) => name),
    );
    assert.deepEqual(
      shown.filter(({ isSet }) => isSet).map(({ name, value }) => [name, value]),
      [["USHER_PORT", "8080"]],
    );
  });

  it("never shows a user or a password", () => {
    const environment = {
      DATABASE_URL: "postgres://usher:pa%24s@db.example:5433/usher?sslpassword=x",
      USHER_SMTP_URL: "smtps://me:secret@mail.example?tls=off",
      USHER_PUBLIC_URL: "https://who:secret@usher.example.com",
    };

    assert.equal(find(environment, "DATABASE_URL")?.value, "postgres://db.example:5433/usher");
    assert.equal(find(environment, "USHER_SMTP_URL")?.value, "smtps://mail.example");
    assert.equal(find(environment, "USHER_PUBLIC_URL")?.value, "https://usher.example.com");
    assert.equal(find({ DATABASE_URL: "secret in no address" }, "DATABASE_URL")?.value, "(set)");
  });
});
