import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("peopleActs", {
  ask: "Ask to keep…",
  exclude: "Exclude…",
  propose: "Propose reclamation…",
  askTitle:
    "{count, plural, one {Ask # person whether they need their seat?} other {Ask # people whether they need their seats?}}",
  proposeTitle: "{count, plural, one {Propose the seat of # person?} other {Propose the seats of # people?}}",
  askAct: "{count, plural, one {Ask about # seat} other {Ask about # seats}}",
  proposeAct: "{count, plural, one {Propose # seat} other {Propose # seats}}",
  collecting: "Gathering the seats of all that match…",
  counting: "Looking at what would be proposed…",
  wouldPropose:
    "{count, plural, =0 {No seat would be proposed.} one {# seat would be proposed.} other {# seats would be proposed.}} Nothing is taken by proposing: it is decided first, and then planned.",
  wouldAsk: "Holders get a mail and decide themselves; their pages stay whatever they answer.",
  notProposed: "{count, plural, one {# is left out:} other {# are left out:}}",
  notProposedWhy: "{what}; expected: {expected}",
  noSeat:
    "{count, plural, one {# person has no seat and is left out.} other {# people have no seat and are left out.}}",
  tooMany: "The first {max, number} seats are proposed: no more go at once. Filter, or propose the others afterwards.",
  reason: "Reason",
  reasonHint: "For whoever is asked, and for the record.",
  askFirst: "Ask the holders first",
  askFirstHint: "Seats without evidence are only ever asked about.",
  decider: "Who decides",
  deciderHint: "An e-mail address, for where no answer comes and no manager is known.",
  proposed: "{count, plural, one {# seat was proposed.} other {# seats were proposed.}}",
  see: "See candidates",

  excludeTitle: "{count, plural, one {Exclude # person} other {Exclude # people}}",
  excludeAct: "{count, plural, one {Exclude # person} other {Exclude # people}}",
  excludeHint: "An exclusion lies over the status of a seat and does not change it. It holds at every site.",
  name: "Name",
  effects: "Leave out of",
  noReclaim: "Reclaiming",
  notCounted: "The license position",
  noReview: "Access reviews",
  noNotify: "Messages",
  until: "Until",
  untilHint: "180 days from now unless you say otherwise; 730 at most.",
  excluded: "{name} is in effect.",
  excludeTooMany: "The first {max, number} people are excluded: no more go into one exclusion.",
});
