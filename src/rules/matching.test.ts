import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MatchRule } from "../model/matching.ts";
import { flawsOfRule, keyOf, matchAccounts, type MatchSubject, type MatchTarget } from "./matching.ts";

const EMAIL: MatchRule = {
  id: "by-email",
  name: "Same e-mail",
  source: null,
  accountField: "email",
  accountTransforms: [{ kind: "trim" }, { kind: "lowercase" }],
  personField: "email",
  personTransforms: [{ kind: "trim" }, { kind: "lowercase" }],
  confidence: "exact",
  isEnabled: true,
};
const LOCAL_PART: MatchRule = {
  ...EMAIL,
  id: "by-user-name",
  source: "confluence-data-center",
  accountField: "username",
  personTransforms: [{ kind: "lowercase" }, { kind: "strip-domain" }],
};
const NAME: MatchRule = {
  ...EMAIL,
  id: "by-name",
  accountField: "displayName",
  personField: "displayName",
  confidence: "likely",
};
const RULES = [EMAIL, LOCAL_PART, NAME];

function account(accountId: string, fields: Partial<MatchSubject> = {}): MatchSubject {
  return {
    accountId,
    siteId: "acme",
    source: "confluence-cloud",
    ownPersonId: `own-${accountId}`,
    sourceId: accountId,
    email: null,
    username: null,
    displayName: null,
    attributes: {},
    isNobodys: false,
    isClosed: false,
    decision: null,
    ...fields,
  };
}

function person(personId: string, fields: Partial<MatchTarget> = {}): MatchTarget {
  return { personId, externalId: null, emails: [], userName: null, displayName: personId, attributes: {}, ...fields };
}

const match = (subjects: MatchSubject[], targets: MatchTarget[], rules = RULES) =>
  matchAccounts(rules, subjects, targets);

describe("matching accounts with people", () => {
  it("gives an account to the one person with its e-mail, however it is written", () => {
    const found = match(
      [account("a", { email: " Ann@Acme.example" })],
      [person("p1", { emails: ["x@y", "ann@acme.example"] })],
    );

    assert.deepEqual(found.get("a"), {
      situation: "matched",
      method: "rule",
      ruleId: "by-email",
      confidence: "exact",
      personId: "p1",
      candidates: [],
    });
  });

  it("lets the first rule that finds anybody decide, also when it cannot tell between several", () => {
    const subject = account("a", { email: "ann@acme.example", displayName: "Ann" });
    const people = [
      person("p1", { emails: ["ann@acme.example"] }),
      person("p2", { emails: ["ann@acme.example"] }),
      person("p3", { displayName: "Ann" }),
    ];

    const { situation, personId, candidates } = match([subject], people).get("a") ?? {};

    assert.deepEqual(
      { situation, personId, candidates },
      { situation: "ambiguous", personId: null, candidates: ["p1", "p2"] },
    );
  });

  it("asks rules that only propose where no exact one finds anybody, whatever their order", () => {
    const subject = account("a", { email: "ann@acme.example", displayName: "Ann" });
    const people = [person("p1", { emails: ["ann@acme.example"] }), person("p2", { displayName: "Ann" })];

    assert.equal(match([subject], people, [NAME, EMAIL]).get("a")?.personId, "p1");
  });

  it("only proposes by name, and matches nobody by nothing", () => {
    const found = match(
      [account("a", { displayName: "Ann" }), account("b", { displayName: "", email: "" })],
      [person("p1", { displayName: "Ann" }), person("p2", { displayName: "", emails: [""] })],
    );

    assert.deepEqual(
      [...found.values()].map(({ situation, personId, candidates, ruleId }) => [
        situation,
        personId,
        candidates,
        ruleId,
      ]),
      [
        ["unmatched", null, ["p1"], "by-name"],
        ["unmatched", null, [], null],
      ],
    );
  });

  it("compares user names with local parts on the source that the rule is for", () => {
    const people = [person("p1", { emails: ["Ann@acme.example"] })];
    const onServer = account("a", { username: "ann", source: "confluence-data-center" });
    const inCloud = account("b", { username: "ann" });

    const found = match([onServer, inCloud], people);

    assert.equal(found.get("a")?.personId, "p1");
    assert.equal(found.get("b")?.situation, "unmatched");
  });

  it("flags two open accounts of one person on one site, and a closed one beside them not", () => {
    const email = "ann@acme.example";
    const people = [person("p1", { emails: [email] })];
    const found = match(
      [
        account("a", { email }),
        account("b", { email }),
        account("c", { email, isClosed: true }),
        account("d", { email, siteId: "other" }),
      ],
      people,
    );

    assert.deepEqual(
      [...found].map(([id, { situation, personId }]) => `${id} ${situation} ${personId}`),
      ["a conflicting p1", "b conflicting p1", "c matched p1", "d matched p1"],
    );
  });

  it("lets a decision hold against every rule, for every account of the same identity", () => {
    const email = "ann@acme.example";
    const people = [person("p1", { emails: [email] }), person("p2")];
    const found = match(
      [
        account("a", { email, ownPersonId: "own", decision: { personId: "p2" } }),
        account("b", { email, ownPersonId: "own", siteId: "other" }),
        account("c", { email, decision: { personId: null } }),
      ],
      people,
    );

    assert.deepEqual(
      [...found].map(([id, { situation, method, personId }]) => `${id} ${situation} ${method} ${personId}`),
      ["a matched manual p2", "b matched manual p2", "c ignored manual null"],
    );
  });

  it("leaves apps alone", () => {
    const found = match([account("bot", { email: "x@y", isNobodys: true })], [person("p1", { emails: ["x@y"] })]);

    assert.equal(found.get("bot")?.situation, "ignored");
    assert.equal(found.get("bot")?.method, "account-type");
  });
});

describe("transforms", () => {
  it("make two ways of writing the same", () => {
    assert.equal(keyOf(" A\u00a0", [{ kind: "trim" }, { kind: "lowercase" }]), "a");
    assert.equal(keyOf("ann@old.example", [{ kind: "strip-domain" }]), "ann");
    assert.equal(
      keyOf("ann@Old.example", [{ kind: "replace-domain", from: "old.example", to: "new.example" }]),
      "ann@new.example",
    );
    assert.equal(
      keyOf("ann@x.example", [{ kind: "replace-domain", from: "old.example", to: "new.example" }]),
      "ann@x.example",
    );
    assert.equal(keyOf("ext-ann.b", [{ kind: "replace", pattern: "ext-([a-z.]+)", with: "$1$$" }]), "ann.b$");
    assert.equal(keyOf("bob", [{ kind: "alias", aliases: { bob: "robert" } }]), "robert");
    assert.equal(keyOf("toString", [{ kind: "alias", aliases: {} }]), "toString");
    assert.equal(keyOf("@x", [{ kind: "strip-domain" }]), null);
  });
});

describe("a match rule", () => {
  const flaws = (rule: Partial<MatchRule>) => flawsOfRule({ ...EMAIL, ...rule }).map(({ field }) => field);

  it("cannot match by name for certain", () => {
    assert.deepEqual(flaws({ accountField: "displayName" }), ["confidence"]);
    assert.deepEqual(flaws({ accountField: "displayName", confidence: "likely" }), []);
  });

  it("takes patterns only of the language that both engines share", () => {
    const refused = [
      "a|b",
      "(a)+",
      "a*?",
      "\\d",
      "(?=a)",
      "(a",
      "a)",
      "[z-a]",
      "",
      "a**",
      "a{3,1}",
      "*",
      "a*".repeat(7),
    ];

    for (const pattern of refused) {
      const rule = { accountTransforms: [{ kind: "replace" as const, pattern, with: "" }] };
      assert.deepEqual(flaws(rule), ["accountTransforms.0.pattern"], pattern);
    }
    assert.deepEqual(
      flaws({ accountTransforms: [{ kind: "replace", pattern: "([^@]+)@(.{1,3})\\.x", with: "$2$1" }] }),
      [],
    );
    assert.deepEqual(flaws({ personTransforms: [{ kind: "replace", pattern: "(a)", with: "$2" }] }), [
      "personTransforms.0.with",
    ]);
  });
});
