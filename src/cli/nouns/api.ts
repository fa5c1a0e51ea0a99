import { Argument, type Command } from "commander";
import { API_PREFIX } from "../../api/contract.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { connect } from "../session.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

interface CallOptions {
  data?: string;
  dataStdin?: boolean;
}

export function register(command: Command, cli: Cli): void {
  command
    .usage("[options] [method] <path>")
    .addArgument(new Argument("<method-or-path>", "GET where only a path is given"))
    .argument("[path]", "below /api/v1, such as /people?status=idle")
    .option("--data <json>", "the body")
    .option("--data-stdin", "the body from standard input")
    .action((first: string, second: string | undefined, options: CallOptions) => callApi(cli, first, second, options));
}

async function callApi(cli: Cli, first: string, second: string | undefined, options: CallOptions): Promise<void> {
  const method = second === undefined ? "GET" : first.toUpperCase();
  const path = second ?? first;
  if (!METHODS.includes(method))
    throw usageFailure(`${method} is not a method of the API.`, `It is one of ${METHODS.join(", ")}.`);
  if (!path.startsWith("/"))
    throw usageFailure(`The path "${path}" does not begin with a slash.`, `usher api /${path}`);
  const body = options.dataStdin ? await cli.stdin.readAll() : (options.data ?? null);
  const session = await connect(cli);

  const response = await session.send(method, path.replace(API_PREFIX, ""), body);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const shown = isJson && cli.stdout.isTty ? JSON.stringify(JSON.parse(text), null, 2) : text;
  if (shown !== "") cli.stdout.write(shown.endsWith("\n") ? shown : `${shown}\n`);
}
