import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDone, stepAfter, stepBefore, stepToResume } from "./steps.ts";

const CONSENTED = { isAuthorized: true };

describe("where a draft is gone on with", () => {
  it("is what Usher should do while there is none", () => {
    assert.equal(stepToResume(null), "capabilities");
  });

  it("is the credential until one may be used", () => {
    const draft = { state: "draft", credentials: [{ isAuthorized: false }], sites: [] } as const;

    assert.equal(stepToResume(draft), "connect");
  });

  it("is the sites, then the groups, then the check, then publishing", () => {
    const credentials = [CONSENTED];

    assert.equal(stepToResume({ state: "draft", credentials, sites: [] }), "sites");
    assert.equal(stepToResume({ state: "draft", credentials, sites: [{ probes: [] }] }), "groups");
    assert.equal(stepToResume({ state: "draft", credentials, sites: [{ probes: ["seen"] }] }), "check");
    assert.equal(stepToResume({ state: "validated", credentials, sites: [{ probes: ["seen"] }] }), "publish");
  });

  it("leaves what lies before it done, and what lies after it not", () => {
    const draft = { state: "draft", credentials: [CONSENTED], sites: [] } as const;

    assert.deepEqual(
      (["account", "capabilities", "connect", "sites", "groups"] as const).map((step) => isDone(step, draft)),
      [true, true, true, false, false],
    );
  });
});

describe("the order of the steps", () => {
  it("has an end on either side", () => {
    assert.equal(stepBefore("account"), "account");
    assert.equal(stepAfter("account"), "capabilities");
    assert.equal(stepAfter("publish"), "publish");
  });
});
