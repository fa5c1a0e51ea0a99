import type { Clock } from "../lib/clock.ts";
import type { SecretBox } from "../lib/secret-box.ts";
import type { Database } from "../store/database.ts";

/** Who asks, and through which door; every journal entry carries both. */
export interface Actor {
  /** An operator's id, `nobody` before somebody has signed in, `system` for what runs by schedule, or a person's id for who answers by a signed link. */
  operatorId: string;
  /** Who made the token it came by, where that was another operator: those two are not two people. */
  vouchedBy?: string | null;
  through: "api" | "web" | "cli" | "job" | "setup" | "link";
}

/** What a command needs from the world. Given to it, so that a test can give another. */
export interface Context {
  db: Database;
  clock: Clock;
  secrets: SecretBox;
  actor: Actor;
}
