import { answerCheckIn, type HolderAnswer, isAnswerable } from "../../commands/candidates/answer-check-in.ts";
import type { Candidate } from "../../model/candidates.ts";
import { LEAVE_DAYS_MAX } from "../../rules/candidates/check-in.ts";
import { sayUse } from "../../rules/candidates/say-use.ts";
import { findCandidate } from "../../store/candidates/candidates.ts";
import { type CandidateParties, findCandidateParties } from "../../store/candidates/parties.ts";
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

const { checkIn: texts } = TEXTS;
type Wrong = keyof typeof texts.wrong;

/** Where the holder of a seat says whether it is still needed. */
export const checkInPage: Page = (app, options) => serveLinkPage(app, options, checkIn);

const checkIn: LinkPageKind = {
  purpose: "check-in",
  show: ({ subjectId, holder }, options) => page(options, subjectId, holder, null),

  async submit({ subjectId, holder }, form, options) {
    const given = readAnswer(form);
    if (typeof given === "string") return page(options, subjectId, holder, given);
    const answered = await answerCheckIn(contextOfLink(options, holder), subjectId, given);
    if (answered.ok) return null;
    switch (answered.error) {
      case "reason-needed":
      case "leave-date-wrong":
        return page(options, subjectId, holder, answered.error);
      // The page says what became of it; a candidate or a holder that does not fit is no link of ours.
      case "acted-on":
      case "no-such-candidate":
      case "not-yours":
        return page(options, subjectId, holder, null, 409);
    }
  },
};

function readAnswer(form: URLSearchParams): HolderAnswer | Wrong {
  switch (form.get("answer")) {
    case "keep":
      return { answer: "keep", reason: textField(form, "reason") };
    case "give-back":
      return { answer: "give-back" };
    case "on-leave": {
      const until = endOfDay(form.get("until"));
      return until ? { answer: "on-leave", until } : "leave-date-wrong";
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
  if (!candidate || parties?.personId !== holder) return refused(404, TEXTS.notALink);
  const title = texts.title(parties.site);
  if (!isAnswerable(candidate)) return { status, title, body: html`<p>${sayWhatNext(candidate)}</p>` };
  return { status, title, body: bodyOf(candidate, parties, wrong, clock.now()) };
}

function bodyOf(candidate: Candidate, parties: CandidateParties, wrong: Wrong | null, now: Date): Html {
  const hasAnswered = candidate.answer !== null && candidate.answer !== "none";
  const before = hasAnswered
    ? html`<p class="said" role="status">${sayWhatNext(candidate)}</p>
        <p>${texts.change}</p>`
    : html`<p>${texts.question(parties.name, parties.site)}</p>
        <h2>${TEXTS.known}</h2>
        <ul>
          ${sayUse(parties.evidence).map((each) => html`<li>${each}</li>`)}
        </ul>
        <p>${sayWhatNext(candidate)}</p>`;
  return html`${before} ${wrong ? html`<p class="wrong" role="alert">${texts.wrong[wrong]}</p>` : NOTHING}
    <form method="post">
      <h2>${texts.keep.title}</h2>
      <input type="hidden" name="answer" value="keep" />
      <label for="reason">${texts.keep.reason}</label>
      <textarea id="reason" name="reason" rows="2" maxlength="${REASON_MAX}" required></textarea>
      <button type="submit">${texts.keep.button}</button>
    </form>
    <form method="post">
      <h2>${texts.giveBack.title}</h2>
      <input type="hidden" name="answer" value="give-back" />
      <p>${texts.giveBack.says(candidate.settings.restoreDays)}</p>
      <button type="submit">${texts.giveBack.button}</button>
    </form>
    <form method="post">
      <h2>${texts.onLeave.title}</h2>
      <input type="hidden" name="answer" value="on-leave" />
      <label for="until">${texts.onLeave.until}</label>
      <input
        id="until"
        type="date"
        name="until"
        min="${dayText(now, 1)}"
        max="${dayText(now, LEAVE_DAYS_MAX - 1)}"
        required
      />
      <button type="submit">${texts.onLeave.button}</button>
    </form>
    <p class="note">${TEXTS.writtenStays}</p>`;
}
