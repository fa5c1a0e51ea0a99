import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("people", {
  title: "People",
  table: "People and how they use Confluence",
  person: "Person",
  status: "Status",
  lastActivity: "Last activity",
  events90d: "90 d",
  groups: "Groups",
  spaces: "Spaces",
  department: "Department",
  manager: "Manager",
  seatSince: "Seat since",
  idleOver60: "Idle over 60 days",
  neverUsed: "Never used",
  noEvidence: "No evidence",
  idleDays: "Idle for days",
  emptyTitle: "No people yet",
  empty: "They appear here as the first sync reads them.",
});
