import { defineTexts } from "../../text/define.ts";

export const chartTexts = defineTexts("chart", {
  showTable: "Show as table",
  showChart: "Show as chart",
  trend: "Seats used and owned, 12 months",
  trendSummary:
    "{used, number} used today{owned, select, none {} other {, {owned} owned}}. {renewals, plural, =0 {No renewal is known.} one {# renewal ahead.} other {# renewals ahead.}}",
  trendShort: "The record begins on {day}; the line grows by a point a day.",
  day: "Day",
  used: "Used",
  owned: "Owned",
  forecast: "Forecast",
  renewal: "Renewal",
});
