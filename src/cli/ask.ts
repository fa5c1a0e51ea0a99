import { readFile } from "node:fs/promises";
import type { Cli } from "./cli.ts";
import { EXIT } from "./exit-codes.ts";
import { CliFailure, usageFailure } from "./failure.ts";
import { oneLine } from "./output/width.ts";

/** Whether a question can be put: somebody sits at a terminal and did not say `--no-input`. */
export function canAsk({ options, stdin, stderr }: Cli): boolean {
  return options.input && stdin.isTty && stderr.isTty;
}

/** Goes on only with a yes. `--yes` is one; where nobody can be asked, it fails and says so. */
export async function confirm(cli: Cli, about: string): Promise<void> {
  if (cli.options.yes) return;
  // Names from a source stand in it.
  const question = oneLine(about);
  if (!canAsk(cli)) throw usageFailure(`This needs a yes: ${question}`, "Add --yes to go on without being asked.");
  const clack = await import("@clack/prompts");
  const answer = await clack.confirm({
    message: question,
    initialValue: false,
    output: process.stderr,
    signal: cli.signal,
  });
  if (clack.isCancel(answer)) throw interrupted();
  if (!answer) throw new CliFailure("Nothing was changed.", { why: "The question was answered with no." });
}

/** One line of text, asked for where it was not given as an option. */
export async function askText(cli: Cli, label: string, option: string): Promise<string> {
  if (!canAsk(cli)) throw usageFailure(`${label} is missing.`, `Add ${option}.`);
  const clack = await import("@clack/prompts");
  const answer = await clack.text({
    message: label,
    output: process.stderr,
    signal: cli.signal,
    validate: (value) => (value?.trim() ? undefined : "It cannot be empty."),
  });
  if (clack.isCancel(answer)) throw interrupted();
  return answer.trim();
}

/** How a secret was said to come: never as an option's own value, where the shell's history would keep it. */
export interface SecretOptions {
  secretFile?: string;
  secretStdin?: boolean;
  /** Passwords may; tokens and keys never do, so that a blank shows a slip. */
  mayHoldBlanks?: boolean;
}

/** Longest secret: an API token has about 200 characters, an OAuth secret 64, an organization key some 700. */
const SECRET_CHARACTERS_MAX = 10_000;

/** The secret from a file, from standard input, or from a prompt that shows nothing of it. */
export async function readSecret(cli: Cli, label: string, options: SecretOptions): Promise<string> {
  if (options.secretFile && options.secretStdin) {
    throw usageFailure("The secret can come from a file or from standard input, not from both.");
  }
  if (options.secretFile) return checked(await readSecretFile(options.secretFile), options.secretFile, options);
  if (options.secretStdin) return checked(await cli.stdin.readAll(), "standard input", options);
  if (!canAsk(cli)) throw usageFailure(`${label} is missing.`, "Add --secret-file <file> or --secret-stdin.");
  const clack = await import("@clack/prompts");
  const answer = await clack.password({ message: label, output: process.stderr, signal: cli.signal });
  if (clack.isCancel(answer)) throw interrupted();
  return checked(answer ?? "", "the prompt", options);
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new CliFailure(`The secret cannot be read from ${path}.`, {
      exitCode: EXIT.usage,
      why: code === "ENOENT" ? "There is no such file." : (code ?? null),
      cause: thrown,
    });
  }
}

function checked(text: string, from: string, { mayHoldBlanks = false }: SecretOptions): string {
  const secret = mayHoldBlanks ? text.replace(/\r?\n$/, "") : text.trim();
  if (secret === "") throw usageFailure(`There is no secret in ${from}.`);
  if (secret.length > SECRET_CHARACTERS_MAX || (mayHoldBlanks ? /[\r\n]/ : /\s/).test(secret)) {
    const right = mayHoldBlanks ? "It is one line." : "It is one line without spaces.";
    throw usageFailure(`What ${from} holds is not one secret.`, right);
  }
  return secret;
}

export function interrupted(): CliFailure {
  return new CliFailure("Interrupted; nothing was changed.", { exitCode: EXIT.interrupted });
}
