import type { ConnectService } from "./connect-service.ts";
import type { CheckpointPlaces } from "../commands/journal/verify-journal.ts";
import type { AddressPolicy } from "../lib/address-policy.ts";
import type { ShownSetting } from "../lib/shown-settings.ts";
import type { LinkSigner } from "../lib/signed-link.ts";
import type { RunSignals } from "./run-signals.ts";

/**
 * What routes need of the parts that http may not import (sync, jobs, sources): declared here, filled in by app.ts.
 * Each noun that needs one adds its own interface and one line.
 */
export interface Services {
  installation: InstallationService;
  connect: ConnectService;
  runSignals: RunSignals;
  /** Opens the signed links of messages. */
  links: LinkSigner;
  /** What the journal is verified against. */
  checkpoints: CheckpointPlaces;
  /** Whether this process has a mail server to send by. */
  isMailSet: boolean;
  /** Where webhooks may go. */
  webhookPolicy: AddressPolicy;
  settings: SettingsService;
}

export interface InstallationService {
  version: string;
  database: "embedded" | "external";
  startedAt: Date;
}

/** How the process is set up, for whoever looks. Nothing secret is in it. */
export interface SettingsService {
  environment: ShownSetting[];
  publicUrl: string;
  /** What is deleted by itself. */
  retention: { what: string; days: number }[];
  listKeys(): Promise<{ id: string; purpose: "encryption" | "signing"; isCurrent: boolean }[]>;
  /** Of the file system that the data folder lies on; null where it cannot be told. */
  freeBytes(): Promise<number | null>;
}
