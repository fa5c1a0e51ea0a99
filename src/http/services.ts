import type { ConnectService } from "./connect-service.ts";
import type { CheckpointPlaces } from "../commands/journal/verify-journal.ts";
import type { AddressPolicy } from "../lib/address-policy.ts";
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
}

export interface InstallationService {
  version: string;
  database: "embedded" | "external";
  startedAt: Date;
}
