import { ApiProblem, ApiUnreachable, type CallInput, type Client, createClient } from "../api/client.ts";
import { API_PREFIX, type AnyRoute, type WireOf } from "../api/contract.ts";
import { Problem } from "../api/problems.ts";
import type { Cli } from "./cli.ts";
import { credentialsPath, readCredentials } from "./credentials-file.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { CliFailure, usageFailure } from "./failure.ts";

const DEFAULT_URL = "http://localhost:7400";

/** A server and a token that it takes. Whatever waits ends with the command's own signal. */
export interface Session extends Pick<Client, "items" | "pages" | "events" | "export" | "download"> {
  url: string;
  call<R extends AnyRoute>(route: R, input: CallInput<R>): Promise<WireOf<R>>;
  /** A call that no route describes; throws what the server refused, else gives the answer as it came. */
  send(method: string, path: string, body: string | null): Promise<Response>;
}

/** The server of USHER_URL or of `usher login`, with USHER_TOKEN or the token that was kept for it. */
export async function connect(cli: Cli): Promise<Session> {
  const { environment } = cli;
  const path = credentialsPath(environment);
  const stored = environment.USHER_URL && environment.USHER_TOKEN ? null : await readCredentials(path);
  const url = serverUrl(environment.USHER_URL || stored?.url);
  const token = environment.USHER_TOKEN || stored?.tokensByUrl[url];
  if (token) return openSession(cli, url, token);
  throw new CliFailure(`Not signed in to ${url}.`, {
    exitCode: EXIT.permission,
    why: `USHER_TOKEN is not set, and ${path} holds no token for it.`,
    next: "usher login",
  });
}

/** The address of a server as it was typed, without a slash at its end. */
export function serverUrl(given: string | null | undefined): string {
  const text = given || DEFAULT_URL;
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  throw usageFailure(`"${text}" is not the address of a server.`, `It looks like ${DEFAULT_URL}.`);
}

export function openSession({ clock, signal }: Pick<Cli, "clock" | "signal">, url: string, token: string): Session {
  const client = createClient({ baseUrl: url, token, clock, door: "cli" });
  return {
    url,
    call: (route, input) => client.call(route, { ...input, signal }),
    items: (route, input) => client.items(route, { ...input, signal }),
    pages: (route, input) => client.pages(route, { ...input, signal }),
    export: (route, format, input) => client.export(route, format, { ...input, signal }),
    download: (route, input) => client.download(route, { ...input, signal }),
    events: (route, input, isLast) => client.events(route, { ...input, signal }, isLast),
    async send(method, path, body) {
      const type: Record<string, string> = body === null ? {} : { "content-type": "application/json" };
      const headers = { authorization: `Bearer ${token}`, "usher-client": "cli", ...type };
      const init: RequestInit = { method, headers, body, signal };
      const response = await reach(url, () => fetch(url + API_PREFIX + path, init));
      if (!response.ok) throw await refusalOf(response, url);
      return response;
    },
  };
}

async function reach(url: string, ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof TypeError) throw new ApiUnreachable(`No answer from ${url}.`, thrown);
    throw thrown;
  }
}

async function refusalOf(response: Response, url: string): Promise<ApiProblem | ApiUnreachable> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (problem.success) return new ApiProblem(problem.data);
  return new ApiUnreachable(`${url} answered ${response.status}, but not as Usher does.`);
}

const EXIT_BY_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.permission,
  403: EXIT.permission,
  404: EXIT.notFound,
  405: EXIT.usage,
  409: EXIT.conflict,
  410: EXIT.notFound,
  412: EXIT.conflict,
  413: EXIT.usage,
  422: EXIT.usage,
  428: EXIT.conflict,
  429: EXIT.held,
};

/** A limit of a plan holds what was asked, which its status alone does not tell. */
const HELD_CODES: readonly string[] = [
  "approval-needed",
  "blackout",
  "data-too-old",
  "over-day-limit",
  "over-run-limit",
];

/** What went wrong between here and the server, for whoever typed the command; null where it was nothing of that. */
export function failureOf(thrown: unknown): CliFailure | null {
  if (thrown instanceof ApiUnreachable) {
    return new CliFailure(thrown.message, {
      next: "start it with `usher serve`, or say where it is with USHER_URL",
      cause: thrown,
    });
  }
  if (!(thrown instanceof ApiProblem)) return null;
  const { status, code, title, detail, errors, requestId } = thrown.problem;
  const fields = errors.map(({ field, what, expected }) => `${field} ${what}; expected ${expected}`);
  return new CliFailure(detail || title, {
    exitCode: HELD_CODES.includes(code) ? EXIT.held : (EXIT_BY_STATUS[status] ?? EXIT.failed),
    why: fields.length > 0 ? fields.join("\n     ") : null,
    next: status === 401 ? "usher login" : null,
    requestId,
    cause: thrown,
  });
}
