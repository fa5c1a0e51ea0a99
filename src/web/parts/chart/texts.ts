import { defineTexts } from "../../text/define.ts";

export const chartTexts = defineTexts("chart", {
  showTable: "Show as table",
  showChart: "Show as chart",
});
