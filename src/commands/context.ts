import type { Clock } from "../lib/clock.ts";
import type { SecretBox } from "../lib/secret-box.ts";
import type { Database } from "../store/database.ts";

/** Who asks, and through which door; every journal entry carries both. */
export interface Actor {
  /** An operator's id, or `system` for what runs by schedule. */
  operatorId: string;
  through: "api" | "cli" | "job" | "setup";
}

/** What a command needs from the world. Given to it, so that a test can give another. */
export interface Context {
  db: Database;
  clock: Clock;
  secrets: SecretBox;
  actor: Actor;
}
