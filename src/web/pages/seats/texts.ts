import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("seats", {
  title: "Seats",
  table: "Seats and whether they are used",
  holder: "Held by",
  site: "Site",
  edition: "Edition",
  status: "Status",
  because: "What it rests on",
  lastActivity: "Last activity",
  since: "Since",
  ended: "Ended",
  cost: "Cost a month",
  state: "State",
  current: "Held now",
  endedSeats: "Ended",
  all: "Held or ended",
  excluded: "Excluded",
  emptyTitle: "No seats yet",
  empty: "They appear here as the first sync reads them.",
});
