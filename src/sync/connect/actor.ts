/** Who asked, as the journal names it. */
export interface ConnectActor {
  operatorId: string;
  through: "api" | "web" | "cli" | "job" | "setup" | "link";
}

/** A refusal whose words depend on what was asked or seen. */
export interface ConnectRefusal<Code extends string> {
  code: Code;
  detail: string;
}
