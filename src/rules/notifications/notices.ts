import type { NotificationData, NotificationKind, SetUpStep } from "../../model/notifications.ts";
import type { MessagePart, MessageTemplate } from "../messages/template.ts";

/** What is said of an event: as a mail of its own, or as one line of a digest. */
export interface Notice {
  subject: string;
  /** What happened and what to do, a paragraph each. */
  says: string[];
  /** The page where it goes on, and what to do there. */
  path: string;
  label: string;
  /** The same from a terminal. */
  command: string | null;
}

type Notices = { [Kind in NotificationKind]: (data: NotificationData[Kind]) => Notice };

const NOTICES: Notices = {
  "run-failed": ({ site, runId, reason }) => ({
    subject: `The sync of ${site} failed`,
    says: [reason, "What was read before stays, with its age. The next run tries again by itself."],
    path: `/runs/${runId}`,
    label: "See the run",
    command: `usher run get ${runId}`,
  }),
  "run-held": ({ site, runId }) => ({
    subject: `The sync of ${site} waits for you`,
    says: [
      "It would remove more than the safeguard of its connection allows, so nothing was removed.",
      "Look at what is missing, then accept it or discard it.",
    ],
    path: `/runs/${runId}`,
    label: "See what would be removed",
    command: `usher run diff ${runId}`,
  }),
  "connection-degraded": ({ site, reason, fix }) => ({
    subject: `Part of ${site} cannot be read any more`,
    says: [reason, fix, "Everything else of the site is read as before."],
    path: "/connections",
    label: "See the connection",
    command: "usher connection list",
  }),
  "connection-needs-reauthorization": ({ connection, connectionId, reason, fix }) => ({
    subject: `${connection} needs a new authorization`,
    says: [reason, fix, "Until then nothing new is read, and what is known grows older."],
    path: `/connections/${connectionId}`,
    label: "Authorize again",
    command: `usher connection show ${connectionId}`,
  }),
  "connection-waits": ({ connection, connectionId, step }) => ({
    subject: `Setting up ${connection} waits for you`,
    says: [`You are an owner of the connection ${connection} to Confluence. ${STEPS[step].says}`],
    path: `/setup?connection=${connectionId}&step=${STEPS[step].page}`,
    label: STEPS[step].label,
    command: STEPS[step].command(connectionId),
  }),
  "credential-expires": ({ connection, connectionId, credential, expiresAt }) => ({
    subject: `A credential of ${connection} ends on ${dayOf(expiresAt)}`,
    says: [`"${credential}" ends on ${dayOf(expiresAt)}. Enter a new one before; the connection goes on meanwhile.`],
    path: `/connections/${connectionId}`,
    label: "Enter a new one",
    command: `usher connection rotate ${connectionId}`,
  }),
  "candidates-found": ({ rule, ruleId, count }) => ({
    subject: `${rule} found ${counted(count, "candidate")}`,
    says: [`The reclamation rule ${rule} found ${counted(count, "seat")} that may be taken back.`],
    path: `/reclaim?ruleId=${ruleId}`,
    label: "See who and why",
    command: `usher reclaim candidates list --filter ruleId=${ruleId}`,
  }),
  "rule-paused": ({ rule, ruleId, reason }) => ({
    subject: `${rule} is paused`,
    says: [reason, "It finds, asks and takes nothing until somebody activates it again."],
    path: `/reclaim/rules/${ruleId}`,
    label: "See the rule",
    command: `usher reclamation-rule show ${ruleId}`,
  }),
  "plan-finished": ({ planId, what }) => ({
    subject: `Done: ${what}`,
    says: ["Every change was made and read back."],
    path: `/reclaim/plans/${planId}`,
    label: "See the plan",
    command: `usher reclaim show ${planId}`,
  }),
  "plan-partial": ({ planId, what, reason }) => ({
    subject: `Not all done: ${what}`,
    says: [reason],
    path: `/reclaim/plans/${planId}`,
    label: "See what is left",
    command: `usher reclaim rows ${planId}`,
  }),
  "exclusion-expires": ({ exclusion, exclusionId, expiresAt, accounts }) => ({
    subject: `The exclusion ${exclusion} ends on ${dayOf(expiresAt)}`,
    says: [`It leaves out ${counted(accounts, "account")} until then. Prolong it where its reason still holds.`],
    path: `/exclusions/${exclusionId}`,
    label: "See the exclusion",
    command: `usher exclusion-rule renew ${exclusionId}`,
  }),
  "capacity-alert": ({ site, siteId, used, owned, threshold, unit }) => {
    const seats = `${used}${owned === null ? "" : ` of ${owned}`} seats`;
    return {
      subject: `${site}: ${seats} are used`,
      says: [
        `${site} uses ${seats}, which has reached ${unit === "percent" ? `${threshold} %` : `${threshold} seats`}.`,
        "You are told once, and again when it was less and is reached anew.",
      ],
      path: `/seats?siteId=${siteId}`,
      label: "See who could give one back",
      command: "usher position seats --part idle",
    };
  },
  "license-renewal": (data) => ({
    subject:
      data.what === "notice" ? `${data.license}: tell changes by ${data.on}` : `${data.license}: renewal on ${data.on}`,
    says: [sayRenewal(data), `It covers ${data.sites.length === 0 ? "no site" : data.sites.join(", ")}.`],
    path: `/licenses?tab=licenses&open=${data.licenseId}`,
    label: "See what a renewal would cost",
    command: `usher license renewal ${data.licenseId}`,
  }),
  "seat.reclaimed": ({ site, accountId, planId }) => ({
    subject: `A seat of ${site} was taken back`,
    says: [`The seat of the account ${accountId} was taken back, which was read back at the site.`],
    path: `/reclaim/plans/${planId}`,
    label: "See the plan",
    command: `usher reclaim show ${planId}`,
  }),
  "seat.restored": ({ site, accountId, planId }) => ({
    subject: `A seat of ${site} was given back`,
    says: [`The account ${accountId} has its seat again, which was read back at the site.`],
    path: `/reclaim/plans/${planId}`,
    label: "See the plan",
    command: `usher reclaim show ${planId}`,
  }),
  "candidate.decided": ({ site, accountId, candidateId, decision, until }) => ({
    subject: `A seat of ${site} is ${decision === "take" ? "taken back" : "kept"}`,
    says: [
      decision === "take"
        ? `The seat of the account ${accountId} is taken back from ${dayOf(until)} on.`
        : `The seat of the account ${accountId} is left alone until ${dayOf(until)}.`,
    ],
    path: `/reclaim?tab=candidates&open=${candidateId}`,
    label: "See how it came to that",
    command: `usher reclaim candidates show ${candidateId}`,
  }),
  "webhook-disabled": ({ webhook, webhookId, reason }) => ({
    subject: `The webhook ${webhook} is disabled`,
    says: [reason, "It is told of nothing until somebody enables it; then its deliveries can be replayed."],
    path: `/settings/webhooks?webhook=${webhookId}`,
    label: "See its deliveries",
    command: `usher webhook deliveries ${webhookId}`,
  }),
  "journal-checkpoint": ({ seq, hash, at, keyId, publicKey, signature }) => ({
    subject: `Checkpoint of the journal at entry ${seq}`,
    says: [
      "Keep this mail: with it, anybody can tell whether an entry up to here was changed later.",
      JSON.stringify({ seq, hash, at, keyId, publicKey, signature }),
    ],
    path: "/journal",
    label: "See the journal",
    command: "usher journal verify --checkpoints FILE",
  }),
};

const STEPS: Record<SetUpStep, { page: string; says: string; label: string; command(id: string): string }> = {
  credentials: {
    page: "connect",
    says: "It has no credential yet: authorize it, or enter an API token.",
    label: "Enter a credential",
    command: (id) => `usher connection authorize ${id}`,
  },
  sites: {
    page: "sites",
    says: "It has no site yet: choose which sites to read.",
    label: "Choose sites",
    command: (id) => `usher connection sites ${id}`,
  },
  check: {
    page: "check",
    says: "It has not been checked yet: see whether everything can be read.",
    label: "Check it",
    command: (id) => `usher connection check ${id}`,
  },
  publish: {
    page: "publish",
    says: "It is checked and ready: publishing it begins the first sync.",
    label: "Publish it",
    command: (id) => `usher connection publish ${id}`,
  },
};

function sayRenewal({ license, what, on, daysLeft, autoRenew }: NotificationData["license-renewal"]): string {
  const when = daysLeft === 0 ? "today" : daysLeft === 1 ? "tomorrow" : `in ${daysLeft} days`;
  if (what === "notice") return `A change of the renewal of "${license}" has to be told by ${on}, ${when}.`;
  if (autoRenew) return `"${license}" renews itself on ${on}, ${when}.`;
  return `"${license}" ends on ${on}, ${when}, and does not renew itself.`;
}

/** What is said of an event of this kind; null of a kind that this version does not know. */
export function writeNotice(kind: string, data: Readonly<Record<string, unknown>>): Notice | null {
  // What was queued as a kind was typed as that kind's data.
  const write = (NOTICES as Record<string, (data: never) => Notice>)[kind];
  return write ? write(data as never) : null;
}

/** A template for each kind of event. */
export const noticeTemplates: readonly MessageTemplate[] = Object.keys(NOTICES).map((kind) => ({
  kind,
  write(data, links) {
    const notice = writeNotice(kind, data);
    if (!notice) throw new Error(`There is no notice of the kind ${kind}.`);
    const { subject, says, path, label, command } = notice;
    const parts: MessagePart[] = says.map((text) => ({ kind: "paragraph", text }));
    parts.push({ kind: "link", label, url: links.page(path) });
    if (command !== null) parts.push({ kind: "note", text: `From a terminal: ${command}` });
    return { subject, parts };
  },
}));

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
