import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bodyOf, mappingText, readMapping } from "./read-form.ts";

describe("the form of signing in", () => {
  it("leaves a secret out that was not typed, so that the one that is kept stays", () => {
    const form = new FormData();
    form.set("passwords", "on");
    form.set("isSsoOn", "on");
    form.set("sso.issuer", " https://login.example ");
    form.set("sso.clientSecret", "");
    form.set("sso.scopes", "openid  email");

    const { passwords, sso } = bodyOf(form);

    assert.equal(passwords, true);
    assert.equal(sso?.issuer, "https://login.example");
    assert.deepEqual(sso?.scopes, ["openid", "email"]);
    assert.equal(sso && "clientSecret" in sso, false);
    assert.equal(sso?.defaultRole, null);
  });

  it("reads a mapping line by line, also where the value holds an equals sign", () => {
    const mapping = readMapping("\ncn=usher-admins,ou=it = admin\n  Everybody=member ");

    assert.deepEqual(mapping, [
      { value: "cn=usher-admins,ou=it", role: "admin" },
      { value: "Everybody", role: "member" },
    ]);
    assert.deepEqual(readMapping(mappingText(mapping)), mapping);
  });
});
