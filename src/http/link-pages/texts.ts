import { sayDay } from "../../rules/candidates/say-use.ts";
import type { Candidate } from "../../model/candidates.ts";

/** Every text of the pages that a link in a mail opens. */
export const TEXTS = {
  notALink: {
    title: "This link cannot be used",
    says: "The address is not complete, was altered, or was not made here. Open it again from the message, or copy all of it.",
  },
  expired: {
    title: "This link is too old",
    says: "It was good for a while only, and that time is over. If you still want something changed, write to whoever runs Usher at your company.",
  },
  tooMany: { title: "Please wait a minute", says: "Too many requests came from your address. Try again in a minute." },
  failed: {
    title: "That did not work",
    says: "Something failed here, and nothing was changed. Please try again in a few minutes.",
  },
  known: "What we know",
  writtenStays: "What you wrote in Confluence stays, whatever is decided.",
  checkIn: {
    title: (site: string) => `Your place in ${site}`,
    question: (name: string, site: string) =>
      `${name}, your account takes one of the paid places in ${site}. Do you still need it?`,
    keep: { title: "Keep my seat", reason: "Why do you need it?", button: "Keep my seat" },
    giveBack: {
      title: "I don't need it",
      says: (days: number) => `Your seat is given back. You can have it again for ${days} days.`,
      button: "I don't need it",
    },
    onLeave: { title: "I am on leave", until: "Until which day?", button: "I am on leave until then" },
    change: "You can change your answer until it has been acted on.",
    wrong: {
      "reason-needed": "Please say why you need your seat. One sentence is enough.",
      "leave-date-wrong": "Please choose a day after today, and no more than 400 days from now.",
      "choice-needed": "Please choose one of the three.",
    },
  },
  decision: {
    title: (name: string, site: string) => `${name}'s place in ${site}`,
    question: (name: string, site: string) =>
      `The account of ${name} takes one of the paid places in ${site}. You are asked whether they still need it.`,
    take: { title: "Take it back", reason: "Why (if you like)", button: "Take it back" },
    takeSays: (days: number) => `They are told, and can have it again for ${days} days.`,
    keep: { title: "They keep it", reason: "Why do they need it?", until: "Until which day?", button: "They keep it" },
    ask: {
      title: "Ask them again",
      says: "Whether they read pages cannot be seen here, so only they themselves can give the seat back.",
      button: "Ask them again",
    },
    change: "You can change your decision until it has been acted on.",
    wrong: {
      "reason-needed": "Please say why they keep it. One sentence is enough.",
      "keep-date-wrong": "Please choose a day after today, and no more than two years from now.",
      "own-answer-needed": "Only they themselves can give this seat back.",
      "choice-needed": "Please choose one.",
    },
  },
  restore: {
    title: (site: string) => `Get your place in ${site} back`,
    says: (name: string, site: string) =>
      `${name}, your paid place in ${site} was given back. If you need it, ask for it here; you get exactly what you had.`,
    reason: "What do you need it for (if you like)?",
    button: "Get it back",
    asked: "Its holder asked for it by the link.",
    until: (day: Date) => `You can do this until ${sayDay(day)}.`,
    notTaken: "There is nothing to give back: your place was not taken, or you have it again.",
    "under-way": "You get your place back now. It takes a few minutes; then sign in to Confluence as before.",
    requested: "It was asked for. Somebody decides about it, because no place can be given out without that now.",
    refused: {
      "nothing-taken": "There is nothing to give back: your place was not taken, or you have it again.",
      "window-closed":
        "The time in which you could have it again is over. Write to whoever runs Usher at your company.",
      "under-way": "It was asked for already, and is under way. Please wait a few minutes.",
      "cannot-restore": "It cannot be given back from here. Write to whoever runs Usher at your company.",
      "cannot-act": "It cannot be given back at this moment. Write to whoever runs Usher at your company.",
    },
  },
} as const;

/** What was answered or decided, and what happens next. */
export function sayWhatNext(candidate: Candidate): string {
  const { state, answer, keptUntil, leaveUntil, scheduledFor, dueAt } = candidate;
  switch (state) {
    case "kept":
      if (answer === "on-leave") {
        return `Noted: on leave until ${sayDay(leaveUntil ?? "")}. The seat stays, and nobody asks again before ${sayDay(keptUntil ?? "")}.`;
      }
      return `The seat stays. Nobody asks again before ${sayDay(keptUntil ?? "")}.`;
    case "scheduled":
      return `${answer === "give-back" ? "Thank you. " : ""}The seat is given back on ${sayDay(scheduledFor ?? "")} or soon after.`;
    case "executing":
      return "The seat is being given back at this moment, so nothing can be changed here any more.";
    case "reclaimed":
      return "The seat was given back. The message about that has a link to have it again.";
    case "restored":
      return "The seat was given back and then restored. There is nothing more to answer.";
    case "canceled":
      return "The question is settled: the account was used again, or somebody withdrew it. The seat stays.";
    case "excluded":
      return "The question is settled: this account is left out. The seat stays.";
    case "gone":
      return "The account holds no paid place any more.";
    case "superseded":
      return "This question was replaced by another one, or its rule was ended.";
    case "deciding":
      return `Somebody was asked to decide by ${sayDay(dueAt ?? "")}. The holder can still answer.`;
    case "asking":
      return `An answer is asked for by ${sayDay(dueAt ?? "")}.`;
    default:
      return "Nothing was decided yet.";
  }
}
