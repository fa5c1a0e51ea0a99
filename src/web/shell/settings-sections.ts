import type { Text } from "../text/define.ts";
import { settingsTexts as texts } from "./settings-texts.ts";

/** A page of the settings, `/settings/<id>`, and what one must be allowed to read for it to be there. */
export interface SettingsSection {
  id: string;
  label: Text;
  scope: string;
}

export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  { id: "general", label: texts.general, scope: "journal:read" },
  { id: "people", label: texts.people, scope: "operators:read" },
  { id: "sign-in", label: texts.signIn, scope: "settings:read" },
  { id: "tokens", label: texts.tokens, scope: "tokens:read" },
  { id: "notifications", label: texts.notifications, scope: "notifications:read" },
  { id: "webhooks", label: texts.webhooks, scope: "notifications:read" },
  { id: "limits", label: texts.limits, scope: "reclamation:read" },
  { id: "journal", label: texts.journal, scope: "journal:read" },
  { id: "system", label: texts.system, scope: "journal:read" },
];
