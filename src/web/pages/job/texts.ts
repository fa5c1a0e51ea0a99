import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("job", {
  title: "{job}",
  loading: "Job",
  schedule: "Schedule",
  next: "Next",
  kind: "Kind",
  where: "Reads",
  results: "Results",
  table: "How {job} ended each time, newest first",
  emptyTitle: "It has not run yet",
  empty: "Its first time is {when}.",
  emptyOff: "It is off: switch it on, or run it now.",
});
