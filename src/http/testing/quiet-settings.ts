import type { SettingsService } from "../services.ts";

/** Settings of a server that was given none. */
export const QUIET_SETTINGS: SettingsService = {
  environment: [],
  publicUrl: "http://localhost:7400",
  retention: [],
  listKeys: async () => [{ id: "test", purpose: "encryption", isCurrent: true }],
  freeBytes: async () => null,
};
