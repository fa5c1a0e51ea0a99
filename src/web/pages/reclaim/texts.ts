import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("reclaim", {
  title: "Reclamation",
  tabs: "Parts of reclamation",
  candidates: "Candidates",
  rules: "Reclamation rules",
  plans: "Plans",
  ledger: "Ledger",
  makePlan: "Make a plan…",
  newRule: "New reclamation rule",
  propose: "Propose people…",
  ledgerTable: "What reclaimed seats took off bills",
  eventOn: "From",
  saved: "Saving",
  perMonth: "{amount} a month",
  perYear: "{amount} a year",
  license: "License",
  provenBy: "Proven by",
  position: "License position of {day}",
  seat: "Seat",
  candidate: "Candidate",
  ledgerEmpty: "Nothing saved yet",
  ledgerEmptyWhat:
    "A reclaimed seat stands here once a bill is really lower by it: at the next bill of a monthly plan, at the renewal of an annual one, or when a lower tier is reached.",
  site: "Site",
  countedAt: "Counted",
});
