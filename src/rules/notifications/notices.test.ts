import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOTIFICATION_KINDS, type NotificationData, type NotificationKind } from "../../model/notifications.ts";
import { digest } from "../messages/digest.ts";
import { findTemplate } from "../messages/index.ts";
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
  "capacity-alert": { license: "Confluence", licenseId: "l_1", used: 95, of: 100, percent: 95 },
  "license-renewal": {
    license: "Confluence",
    licenseId: "l_1",
    at: "2026-09-01T00:00:00Z",
    noticeBy: "2026-07-01T00:00:00Z",
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
      ["credentials", "sites", "check", "publish"].map((step) => `/connections/c_1/setup/${step}`),
    );
  });

  it("are a line each in a digest, which says how many there were", () => {
    const item = { kind: "run-failed", data: EXAMPLES["run-failed"], at: "2026-05-03T12:00:00Z" };

    const { subject, text } = renderMessage(digest.write({ items: [item, item], total: 7 }, links));

    assert.equal(subject, "Usher: 7 things to know");
    assert.match(text, /- 2026-05-03 12:00 UTC: The sync of acme failed\./);
    assert.match(text, /These are the newest 2 of 7\./);
  });
});
