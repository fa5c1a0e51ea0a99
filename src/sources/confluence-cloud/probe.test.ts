import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { credential, NEVER, pageOf, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("a probe", () => {
  it("names, times and explains each check, and counts one way to the roster as enough", async () => {
    const classic = [
      "read:confluence-groups",
      "read:confluence-user",
      "search:confluence",
      "read:confluence-content.summary",
    ];
    const grant = credential({ kind: "oauth", scopes: classic });
    const { site } = await open(
      ({ path }) => {
        if (path.endsWith("/membersByGroupId")) return pageOf([{ accountId: "a1" }]);
        if (path.endsWith("/user/bulk")) return pageOf([{ accountId: "a1" }]);
        return pageOf([{ id: "g1", name: "people" }]);
      },
      [grant],
    );

    const probes = await site.probe("roster", NEVER);

    assert.deepEqual(
      probes.map(({ name, outcome }) => [name, outcome]),
      [
        ["User search", "warning"],
        ["Groups and their members", "passed"],
        ["Account status", "passed"],
        ["Groups that give Confluence", "passed"],
      ],
    );
    assert.match(probes[0]?.fix ?? "", /read:content-details:confluence/);
  });

  it("does not fail activity for want of an organization key or an audit log", async () => {
    const { site } = await open(({ path }) => {
      if (path.endsWith("/audit")) return { status: 403, json: {} };
      if (path.endsWith("/systemInfo")) return { json: { edition: "free" } };
      return pageOf([]);
    });

    const probes = await site.probe("activity", NEVER);

    assert.deepEqual(
      probes.map(({ outcome }) => outcome),
      ["passed", "passed", "passed", "passed", "not-checked", "warning"],
    );
    assert.match(probes.at(-1)?.detail ?? "", /Free edition/);
  });

  it("fails permissions when spaces cannot be read", async () => {
    const { site } = await open(() => ({ status: 403, json: {} }));

    const probes = await site.probe("permissions", NEVER);

    assert.deepEqual(
      probes.map(({ outcome }) => outcome),
      ["failed", "failed", "warning"],
    );
  });
});
