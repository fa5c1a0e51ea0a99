import type { Command } from "commander";
import { registerCandidates } from "../candidates/register.ts";
import type { Cli } from "../cli.ts";

export function register(command: Command, cli: Cli): void {
  registerCandidates(command.command("candidates").description("seats on their way to be taken"), cli);
}
