import type { ReclamationSettings } from "../../model/reclamation.ts";

type Groups = Pick<ReclamationSettings, "checkIn" | "decision" | "limits">;

/** Some of the settings; those that are left out are undefined or missing. */
export type SettingsChange = Partial<Omit<ReclamationSettings, keyof Groups>> & {
  [Group in keyof Groups]?: Partial<Groups[Group]>;
};

/** Settings with what was given put over them, field by field. */
export function mergeSettings(settings: ReclamationSettings, change: SettingsChange): ReclamationSettings {
  return {
    ...settings,
    ...defined(change),
    checkIn: { ...settings.checkIn, ...defined(change.checkIn ?? {}) },
    decision: { ...settings.decision, ...defined(change.decision ?? {}) },
    limits: { ...settings.limits, ...defined(change.limits ?? {}) },
  };
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
