import { archiveConnection, pauseConnection, publishConnection, resumeConnection } from "../../api/connection-life.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { type Connection, findConnection } from "./find.ts";
import { takenOver } from "./serve.ts";
import { printConnection } from "./show.ts";

interface Step {
  route: typeof publishConnection | typeof pauseConnection | typeof resumeConnection | typeof archiveConnection;
  /** Null: nothing that could not be taken back at once. */
  question: ((connection: Connection) => string) | null;
  done: string;
  next(connection: Connection): string;
}

const STEPS = {
  publish: {
    route: publishConnection,
    question: null,
    done: "Published: each site has its schedule, and its first sync is queued.",
    next: ({ name }) => `usher sync ${quoted(name)} --watch`,
  },
  pause: {
    route: pauseConnection,
    question: null,
    done: "Paused: what is known stays, and grows old.",
    next: ({ id }) => `usher connection resume ${id}`,
  },
  resume: {
    route: resumeConnection,
    question: null,
    done: "The schedule goes on.",
    next: ({ name }) => `usher sync ${quoted(name)} --watch`,
  },
  archive: {
    route: archiveConnection,
    question: ({ name }) =>
      `Archive "${name}" for good? Its history, seats and journal stay; its secrets are forgotten.`,
    done: "Archived. Its history, seats and journal stay.",
    next: ({ id }) => `usher connection create --from ${id}`,
  },
} satisfies Record<string, Step>;

export async function takeStep(cli: Cli, given: string, verb: keyof typeof STEPS): Promise<void> {
  const { route, question, done, next }: Step = STEPS[verb];
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  if (question) await confirm(cli, question(connection));
  const now = await session.call(route, { params: { connectionId: connection.id } });
  printConnection(cli, now);
  tellDone(cli, done);
  const taken = verb === "publish" ? takenOver(connection, now) : null;
  if (taken) cli.stderr.write(`${taken}\n`);
  tellNext(cli, next(now));
}
