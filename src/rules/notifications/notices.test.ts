import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOTIFICATION_KINDS, type NotificationData, type NotificationKind } from "../../model/notifications.ts";
import { digest } from "../messages/digest.ts";
import { findTemplate, MESSAGE_TEMPLATES } from "../messages/index.ts";
import { renderMessage } from "../messages/render.ts";
import { writeNotice } from "./notices.ts";

const links = { page: (path: string) => `https://usher.example${path}`, signed: () => "https://usher.example/l/x" };

const EXAMPLES: { [Kind in NotificationKind]: NotificationData[Kind] } = {
  "run-failed": { site: "acme", runId: "run_1", reason: "No answer." },
  "run-held": { site: "acme", runId: "run_1" },
  "connection-degraded": { site: "acme", reason: "The audit log is not allowed.", fix: "Ask an admin." },
  "connection-needs-reauthorization": { connection: "Acme", connectionId: "c_1", reason: "Revoked.", fix: "Renew it." },
  "connection-waits": { connection: "Acme", connectionId: "c_1", step: "sites" },
  "credential-expires": {
    connection: "Acme",
    connectionId: "c_1",
    credential: "key",
    expiresAt: "2026-05-17T00:00:00Z",
  },
  "candidates-found": { rule: "90 days", ruleId: "r_1", count: 1 },
  "rule-paused": { rule: "90 days", ruleId: "r_1", reason: "25 a day were reached." },
  "plan-finished": { planId: "plan_1", what: "12 seats taken back" },
  "plan-partial": { planId: "plan_1", what: "12 seats to take back", reason: "2 failed." },
  "exclusion-expires": { exclusion: "Board", exclusionId: "e_1", expiresAt: "2026-05-17T00:00:00Z", accounts: 7 },
  "capacity-alert": { site: "acme", siteId: "s_1", used: 430, owned: 500, threshold: 85, unit: "percent" },
  "license-renewal": {
    license: "Confluence",
    licenseId: "l_1",
    sites: ["acme"],
    what: "renewal",
    on: "2027-03-01",
    daysLeft: 7,
    autoRenew: true,
  },
  "seat.reclaimed": { site: "acme", siteId: "s_1", accountId: "a_1", planId: "p_1", candidateId: "c_1" },
  "seat.restored": { site: "acme", siteId: "s_1", accountId: "a_1", planId: "p_1" },
  "candidate.decided": {
    site: "acme",
    siteId: "s_1",
    accountId: "a_1",
    candidateId: "c_1",
    decision: "take",
    until: "2026-05-17T00:00:00Z",
  },
  "webhook-disabled": { webhook: "Flows", webhookId: "w_1", reason: "No answer." },
  "journal-checkpoint": { seq: 1, hash: "ab", at: "2026-05-03T12:00:00Z", keyId: "k", publicKey: "p", signature: "s" },
};

describe("notices", () => {
  it("say something of every kind of event, with a link to where it goes on", () => {
    for (const { kind } of NOTIFICATION_KINDS) {
      const template = findTemplate(kind);
      assert.ok(template, kind);
      const { subject, text, html } = renderMessage(template.write(EXAMPLES[kind], links));

      assert.ok(subject.length > 5 && subject.length < 100, subject);
      assert.doesNotMatch(`${subject}${text}${html}`, /undefined|null|\[object/);
      assert.match(text, /https:\/\/usher\.example\//);
    }
  });

  it("lead an owner to the very step where set-up waits", () => {
    const paths = (["credentials", "sites", "check", "publish"] as const).map(
      (step) => writeNotice("connection-waits", { ...EXAMPLES["connection-waits"], step })?.path,
    );

    assert.deepEqual(
      paths,
      ["connect", "sites", "check", "publish"].map((step) => `/setup?connection=c_1&step=${step}`),
    );
  });

  it("are written by one template for each kind", () => {
    const kinds = MESSAGE_TEMPLATES.map(({ kind }) => kind);

    assert.deepEqual([...new Set(kinds)], kinds);
  });

  it("say whether a license renews itself, or by when a change has to be told", () => {
    const data = EXAMPLES["license-renewal"];
    const says = (change: Partial<typeof data>) => writeNotice("license-renewal", { ...data, ...change })?.says[0];

    assert.equal(says({}), '"Confluence" renews itself on 2027-03-01, in 7 days.');
    assert.equal(
      says({ autoRenew: false, daysLeft: 1 }),
      '"Confluence" ends on 2027-03-01, tomorrow, and does not renew itself.',
    );
    assert.equal(
      says({ what: "notice", daysLeft: 0 }),
      'A change of the renewal of "Confluence" has to be told by 2027-03-01, today.',
    );
  });

  it("say how many seats are used, and of how many where that is known", () => {
    const data = EXAMPLES["capacity-alert"];
    const unknown = writeNotice("capacity-alert", { ...data, owned: null, unit: "seats", threshold: 400 });

    assert.equal(writeNotice("capacity-alert", data)?.subject, "acme: 430 of 500 seats are used");
    assert.equal(unknown?.subject, "acme: 430 seats are used");
    assert.equal(unknown?.says[0], "acme uses 430 seats, which has reached 400 seats.");
  });

  it("are a line each in a digest, which says how many there were", () => {
    const item = { kind: "run-failed", data: EXAMPLES["run-failed"], at: "2026-05-03T12:00:00Z" };

    const { subject, text } = renderMessage(digest.write({ items: [item, item], total: 7 }, links));

    assert.equal(subject, "Usher: 7 things to know");
    assert.match(text, /- 2026-05-03 12:00 UTC: The sync of acme failed\./);
    assert.match(text, /These are the newest 2 of 7\./);
  });
});
