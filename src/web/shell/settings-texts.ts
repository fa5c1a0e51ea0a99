import { defineTexts } from "../text/define.ts";

export const settingsTexts = defineTexts("settings-sections", {
  general: "General",
  people: "People and roles",
  signIn: "Sign-in",
  tokens: "API tokens",
  notifications: "Notifications",
  webhooks: "Webhooks",
  limits: "Limits",
  journal: "Journal",
  system: "System",
});
