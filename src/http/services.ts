import type { ConnectService } from "./connect-service.ts";
import type { RunSignals } from "./run-signals.ts";

/**
 * What routes need of the parts that http may not import (sync, jobs, sources): declared here, filled in by app.ts.
 * Each noun that needs one adds its own interface and one line.
 */
export interface Services {
  installation: InstallationService;
  connect: ConnectService;
  runSignals: RunSignals;
}

export interface InstallationService {
  version: string;
  database: "embedded" | "external";
  startedAt: Date;
}
