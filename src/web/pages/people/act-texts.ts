import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("peopleActs", {
  exclude: "Exclude…",
  propose: "Propose reclamation…",
  collecting: "Gathering all that match…",
  tooMany: "The first {max, number} are taken: no more go at once.",
  reason: "Reason",

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
});
