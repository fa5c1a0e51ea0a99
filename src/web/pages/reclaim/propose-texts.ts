import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("propose", {
  title:
    "{count, plural, one {Propose to take the seat of one person back?} other {Propose to take the seats of # people back?}}",
  act: "{count, plural, one {Propose # seat} other {Propose # seats}}",
  who: "{names} and {more, plural, one {one more} other {# more}}",
  nothingYet:
    "Nothing is taken now. Each becomes a candidate, is asked and decided, and only a plan that somebody applies takes it.",
  reason: "Why",
  reasonHint: "Holders read it in the mail that asks them.",
  ask: "Ask the holders first",
  askHint: "Without asking, seats without evidence cannot be proposed.",
  decider: "Who decides where no answer comes and no manager is known",
  would: "{proposed, plural, one {# seat} other {# seats}} would be proposed.",
  leftOut: "{count, plural, one {# is left out} other {# are left out}}:",
  why: "{name} {what}; needed: {expected}",
  proposed: "{count, plural, one {# seat is a candidate now.} other {# seats are candidates now.}}",
  none: "None of them can be proposed.",
});
