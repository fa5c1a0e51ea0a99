/** What each kind of event tells, beside whom it is about. Names and words that somebody reads; no secrets. */
export interface NotificationData {
  "run-failed": { site: string; runId: string; reason: string };
  "run-held": { site: string; runId: string };
  "connection-degraded": { site: string; reason: string; fix: string };
  "connection-needs-reauthorization": { connection: string; connectionId: string; reason: string; fix: string };
  "connection-waits": { connection: string; connectionId: string; step: SetUpStep };
  "credential-expires": { connection: string; connectionId: string; credential: string; expiresAt: string };
  "candidates-found": { rule: string; ruleId: string; count: number };
  "rule-paused": { rule: string; ruleId: string; reason: string };
  "plan-finished": { planId: string; what: string };
  "plan-partial": { planId: string; what: string; reason: string };
  "exclusion-expires": { exclusion: string; exclusionId: string; expiresAt: string; accounts: number };
  /** `owned` is null where nobody knows how many may be used; `threshold` is of `unit`. */
  "capacity-alert": {
    site: string;
    siteId: string;
    used: number;
    owned: number | null;
    threshold: number;
    unit: "percent" | "seats";
  };
  /** `on` is the day of the renewal, or of the notice that comes before it. */
  "license-renewal": {
    license: string;
    licenseId: string;
    sites: string[];
    what: "renewal" | "notice";
    on: string;
    daysLeft: number;
    autoRenew: boolean;
  };
  /** Ids only: whoever needs a name asks for it. */
  "seat.reclaimed": { site: string; siteId: string; accountId: string; planId: string; candidateId: string | null };
  "seat.restored": { site: string; siteId: string; accountId: string; planId: string };
  "candidate.decided": {
    site: string;
    siteId: string;
    accountId: string;
    candidateId: string;
    decision: "take" | "keep";
    /** When the seat is taken, or until when it is kept; an instant. */
    until: string;
  };
  "webhook-disabled": { webhook: string; webhookId: string; reason: string };
  "journal-checkpoint": { seq: number; hash: string; at: string; keyId: string; publicKey: string; signature: string };
}

export type NotificationKind = keyof NotificationData;

/** Where setting up a connection waits. */
export type SetUpStep = "credentials" | "sites" | "check" | "publish";

/** Whoever answers for the connection, whoever owns the thing itself, everybody with a role, or one address. */
export type ReceiverName = "connection-owners" | "owner" | `role:${string}` | `address:${string}`;

/** `now` is a mail of its own; `digest` is told with everything else of the day. */
export type NotificationChannel = "now" | "digest";

export interface Receiver {
  to: ReceiverName;
  how: NotificationChannel;
}

export interface NotificationKindDescription {
  kind: NotificationKind;
  /** When it happens, as a clause: "a run failed". */
  when: string;
  /** Who is told unless somebody said otherwise. */
  receivers: readonly Receiver[];
}

const OWNERS = { to: "connection-owners", how: "now" } as const;
const OWNER = { to: "owner", how: "now" } as const;
const ADMINS = { to: "role:admin", how: "now" } as const;
const ADMINS_DAILY = { to: "role:admin", how: "digest" } as const;

/** Every kind of event that somebody may be told of. */
export const NOTIFICATION_KINDS: readonly NotificationKindDescription[] = [
  { kind: "run-failed", when: "A run of a site failed", receivers: [OWNERS, ADMINS_DAILY] },
  { kind: "run-held", when: "A run waits for a decision, as it would remove much", receivers: [OWNERS, ADMINS] },
  { kind: "connection-degraded", when: "Part of a site cannot be read any more", receivers: [OWNERS, ADMINS_DAILY] },
  { kind: "connection-needs-reauthorization", when: "A credential was refused", receivers: [OWNERS, ADMINS] },
  { kind: "connection-waits", when: "Setting up a connection waits for its owners", receivers: [OWNERS] },
  { kind: "credential-expires", when: "A credential ends in 14 days, or in 3", receivers: [OWNERS] },
  {
    kind: "candidates-found",
    when: "A reclamation rule found candidates",
    receivers: [{ to: "owner", how: "digest" }, ADMINS_DAILY],
  },
  { kind: "rule-paused", when: "A safeguard paused a reclamation rule", receivers: [OWNER, ADMINS] },
  { kind: "plan-finished", when: "A plan was carried out", receivers: [{ to: "owner", how: "digest" }] },
  {
    kind: "plan-partial",
    when: "A plan ended with something not done, or a safeguard paused it",
    receivers: [OWNER, ADMINS],
  },
  { kind: "exclusion-expires", when: "An exclusion expires soon", receivers: [OWNER] },
  { kind: "capacity-alert", when: "Use of a site reached the threshold of an alert", receivers: [OWNER, ADMINS] },
  {
    kind: "license-renewal",
    when: "A license renews, or a change of it has to be told, in 90, 60, 30 or 7 days",
    receivers: [OWNER, ADMINS],
  },
  { kind: "seat.reclaimed", when: "A seat was taken back, and that was read back", receivers: [] },
  { kind: "seat.restored", when: "A seat was given back, and that was read back", receivers: [] },
  {
    kind: "candidate.decided",
    when: "It was decided that a candidate's seat is taken or kept, by whomever or by silence",
    receivers: [],
  },
  {
    kind: "webhook-disabled",
    when: "A webhook was disabled, as nothing reached it for three days",
    receivers: [OWNER, ADMINS],
  },
  { kind: "journal-checkpoint", when: "A checkpoint of the journal was signed", receivers: [] },
];

export function describeNotification(kind: string): NotificationKindDescription | null {
  return NOTIFICATION_KINDS.find((each) => each.kind === kind) ?? null;
}
