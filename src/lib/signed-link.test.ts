import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { createLinkSigner } from "./signed-link.ts";

const claims = {
  purpose: "check-in",
  subjectId: "candidate_1",
  holder: "emil@acme.example",
  expiresAt: new Date("2026-04-01T00:00:00Z"),
};

describe("signed links", () => {
  const key = randomBytes(32);

  it("open to what was signed", () => {
    const signer = createLinkSigner([key]);

    assert.deepEqual(signer.open("check-in", signer.sign(claims)), claims);
  });

  it("made with an older key still open", () => {
    const text = createLinkSigner([key]).sign(claims);

    assert.deepEqual(createLinkSigner([randomBytes(32), key]).open("check-in", text), claims);
  });

  it("open for nothing but their purpose, and not once altered, cut or signed by others", () => {
    const signer = createLinkSigner([key]);
    const text = signer.sign(claims);
    const [body, signature] = text.split(".");
    const forged = Buffer.from(JSON.stringify(["check-in", "candidate_2", "x", 1])).toString("base64url");

    assert.equal(signer.open("restore", text), null);
    for (const wrong of ["", body!, `${body}.`, `${forged}.${signature}`, `${text}.x`, text.slice(0, -2)]) {
      assert.equal(signer.open("check-in", wrong), null, wrong);
    }
    assert.equal(createLinkSigner([randomBytes(32)]).open("check-in", text), null);
  });
});
