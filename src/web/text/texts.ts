import { defineTexts } from "./define.ts";

export const formatTexts = defineTexts("format", {
  justNow: "just now",
  inAMoment: "in a moment",
  minutesAgo: "{count} min ago",
  inMinutes: "in {count} min",
  hoursAgo: "{count, plural, one {# hour ago} other {# hours ago}}",
  inHours: "{count, plural, one {in # hour} other {in # hours}}",
  daysAgo: "{count, plural, one {# day ago} other {# days ago}}",
  inDays: "{count, plural, one {in # day} other {in # days}}",
  seconds: "{seconds} s",
});
