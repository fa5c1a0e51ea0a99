import { type RestoreRefusal, restoreSeat } from "../../commands/plans/restore-seat.ts";
import type { Candidate } from "../../model/candidates.ts";
import { findCandidate } from "../../store/candidates/candidates.ts";
import { findCandidateParties } from "../../store/candidates/parties.ts";
import type { Page, ServerOptions } from "../options.ts";
import { html } from "./html.ts";
import {
  contextOfLink,
  type LinkPage,
  type LinkPageKind,
  REASON_MAX,
  refused,
  serveLinkPage,
  textField,
} from "./links.ts";
import { TEXTS } from "./texts.ts";

const { restore: texts } = TEXTS;

/** Where somebody whose seat was taken gets it back. */
export const restorePage: Page = (app, options) => serveLinkPage(app, options, restore);

const restore: LinkPageKind = {
  purpose: "restore",
  async show({ subjectId, holder, expiresAt }, options) {
    const found = await find(options, subjectId, holder);
    if (!found) return refused(404, TEXTS.notALink);
    const title = texts.title(found.site);
    if (found.candidate.state !== "reclaimed") return { title, body: html`<p>${texts.notTaken}</p>` };
    return {
      title,
      body: html`<p>${texts.says(found.name, found.site)}</p>
        <form method="post">
          <label for="reason">${texts.reason}</label>
          <textarea id="reason" name="reason" rows="2" maxlength="${REASON_MAX}"></textarea>
          <button type="submit">${texts.button}</button>
        </form>
        <p class="note">${texts.until(expiresAt)}</p>`,
    };
  },

  async submit({ subjectId, holder }, form, options) {
    const found = await find(options, subjectId, holder);
    if (!found) return refused(404, TEXTS.notALink);
    const { candidate, site } = found;
    const title = texts.title(site);
    if (candidate.state !== "reclaimed") return { status: 409, title, body: html`<p>${texts.notTaken}</p>` };
    const reason = textField(form, "reason");
    const restored = await restoreSeat(contextOfLink(options, holder), {
      siteId: candidate.siteId,
      accountId: candidate.accountId,
      planId: candidate.planId,
      asked: "holder",
      reason: reason === "" ? texts.asked : reason,
    });
    if (!restored.ok) return refusal(title, restored.error);
    return { title, body: html`<p class="said" role="status">${texts[restored.value.outcome]}</p>` };
  },
};

function refusal(title: string, { code }: RestoreRefusal): LinkPage {
  return { status: 409, title, body: html`<p>${texts.refused[code]}</p>` };
}

async function find(
  { db, clock }: ServerOptions,
  candidateId: string,
  holder: string,
): Promise<{ candidate: Candidate; name: string; site: string } | null> {
  const [candidate, parties] = await Promise.all([
    findCandidate(db, candidateId),
    findCandidateParties(db, candidateId, clock.now()),
  ]);
  return candidate && parties?.personId === holder ? { candidate, name: parties.name, site: parties.site } : null;
}
