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

  it("take a mail server only together with a sender", () => {
    const url = "smtps://usher:secret@mail.example.com";

    assert.deepEqual(readSettings({ USHER_SMTP_URL: url, USHER_MAIL_FROM: "Usher <usher@example.com>" }).mail, {
      smtpUrl: url,
      from: "Usher <usher@example.com>",
    });
    assert.equal(readSettings({}).mail, null);
    assert.throws(() => readSettings({ USHER_SMTP_URL: url }), {
      publicMessage: /USHER_SMTP_URL is set and USHER_MAIL_FROM is not/,
    });
  });

  it("take internal addresses for webhooks with commas between", () => {
    assert.deepEqual(readSettings({ USHER_WEBHOOK_ALLOW: "flows.acme.internal, 10.1.0.0/16" }).webhookAllow, [
      "flows.acme.internal",
      "10.1.0.0/16",
    ]);
  });
});
