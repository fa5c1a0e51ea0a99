import { type Decision, decideCandidate, isDecidable, isDecider } from "../../commands/candidates/decide-candidate.ts";
import type { Candidate } from "../../model/candidates.ts";
import { needsOwnAnswer } from "../../model/candidate-moves.ts";
import { KEEP_DAYS_MAX } from "../../rules/candidates/check-in.ts";
import { sayUse } from "../../rules/candidates/say-use.ts";
import { findCandidate } from "../../store/candidates/candidates.ts";
import { type CandidateParties, findCandidateParties, findPersonByEmail } from "../../store/candidates/parties.ts";
import type { Page, ServerOptions } from "../options.ts";
import { type Html, html, NOTHING } from "./html.ts";
import {
  contextOfLink,
  dayText,
  endOfDay,
  type LinkPage,
  type LinkPageKind,
  REASON_MAX,
  refused,
  serveLinkPage,
  textField,
} from "./links.ts";
import { sayWhatNext, TEXTS } from "./texts.ts";

const { decision: texts } = TEXTS;
type Wrong = keyof typeof texts.wrong;

/** Where a manager, or whom the rule names, decides about somebody's seat. */
export const decisionPage: Page = (app, options) => serveLinkPage(app, options, decision);

const decision: LinkPageKind = {
  purpose: "decision",
  show: ({ subjectId, holder }, options) => page(options, subjectId, holder, null),

  async submit({ subjectId, holder }, form, options) {
    const decided = readDecision(form);
    if (typeof decided === "string") return page(options, subjectId, holder, decided);
    const context = contextOfLink(options, await actorOf(options, holder));
    const outcome = await decideCandidate(context, subjectId, decided, { decider: holder });
    if (outcome.ok) return null;
    const wrong = outcome.error in texts.wrong ? (outcome.error as Wrong) : null;
    return page(options, subjectId, holder, wrong, wrong ? 422 : 409);
  },
};

/** A decider whom the rule names by an address may be nobody whom a source knows. */
async function actorOf({ db }: ServerOptions, holder: string): Promise<string> {
  if (!holder.includes("@")) return holder;
  return (await findPersonByEmail(db, holder)) ?? "named-decider";
}

function readDecision(form: URLSearchParams): Decision | Wrong {
  const reason = textField(form, "reason");
  switch (form.get("decision")) {
    case "take":
      return { verb: "take", reason: reason === "" ? null : reason };
    case "ask":
      return { verb: "ask", reason: null };
    case "keep": {
      const until = endOfDay(form.get("until"));
      return until ? { verb: "keep", reason, until } : "keep-date-wrong";
    }
    default:
      return "choice-needed";
  }
}

async function page(
  { db, clock }: ServerOptions,
  candidateId: string,
  holder: string,
  wrong: Wrong | null,
  status = wrong ? 422 : 200,
): Promise<LinkPage> {
  const [candidate, parties] = await Promise.all([
    findCandidate(db, candidateId),
    findCandidateParties(db, candidateId, clock.now()),
  ]);
  if (!candidate || !parties || !isDecider(candidate, holder)) return refused(404, TEXTS.notALink);
  const title = texts.title(parties.name, parties.site);
  if (!isDecidable(candidate)) return { status, title, body: html`<p>${sayWhatNext(candidate)}</p>` };
  return { status, title, body: bodyOf(candidate, parties, wrong, clock.now()) };
}

function bodyOf(candidate: Candidate, parties: CandidateParties, wrong: Wrong | null, now: Date): Html {
  const hasDecided = candidate.state === "kept" || candidate.state === "scheduled";
  const known = [...sayUse(parties.evidence), ...candidate.because.map(({ says }) => `Found because: ${says}.`)];
  const before = hasDecided
    ? html`<p class="said" role="status">${sayWhatNext(candidate)}</p>
        <p>${texts.change}</p>`
    : html`<p>${texts.question(parties.name, parties.site)}</p>
        <h2>${TEXTS.known}</h2>
        <ul>
          ${known.map((each) => html`<li>${each}</li>`)}
        </ul>`;
  return html`${before} ${wrong ? html`<p class="wrong" role="alert">${texts.wrong[wrong]}</p>` : NOTHING}
    ${needsOwnAnswer(candidate) ? askAgain() : take(candidate)}
    <form method="post">
      <h2>${texts.keep.title}</h2>
      <input type="hidden" name="decision" value="keep" />
      <label for="keep-reason">${texts.keep.reason}</label>
      <textarea id="keep-reason" name="reason" rows="2" maxlength="${REASON_MAX}" required></textarea>
      <label for="until">${texts.keep.until}</label>
      <input
        id="until"
        type="date"
        name="until"
        min="${dayText(now, 1)}"
        max="${dayText(now, KEEP_DAYS_MAX - 1)}"
        value="${dayText(now, candidate.settings.coolDownDays)}"
        required
      />
      <button type="submit">${texts.keep.button}</button>
    </form>
    <p class="note">${TEXTS.writtenStays}</p>`;
}

function take({ settings }: Candidate): Html {
  return html`<form method="post">
    <h2>${texts.take.title}</h2>
    <input type="hidden" name="decision" value="take" />
    <p>${texts.takeSays(settings.restoreDays)}</p>
    <label for="take-reason">${texts.take.reason}</label>
    <textarea id="take-reason" name="reason" rows="2" maxlength="${REASON_MAX}"></textarea>
    <button type="submit">${texts.take.button}</button>
  </form>`;
}

function askAgain(): Html {
  return html`<form method="post">
    <h2>${texts.ask.title}</h2>
    <input type="hidden" name="decision" value="ask" />
    <p>${texts.ask.says}</p>
    <button type="submit">${texts.ask.button}</button>
  </form>`;
}
