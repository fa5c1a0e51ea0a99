import type { WireOf } from "../../api/contract.ts";
import { listPeople } from "../../api/people.ts";
import { getPersonSeatHistory } from "../../api/seat-history.ts";
import { listSeats } from "../../api/seats.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { findId } from "../find-one.ts";
import { type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";

type History = WireOf<typeof getPersonSeatHistory>;
type Seat = History["seats"][number];

const SEATS: readonly Column<Seat>[] = [
  textColumn("Site", (seat) => seat.site),
  textColumn("Account", (seat) => seat.name),
  textColumn("Edition", (seat) => seat.edition),
  instantColumn("Since", (seat) => seat.since),
  textColumn("Known", (seat) => (seat.mayBeOlder ? "or earlier" : null)),
  instantColumn("Ended", (seat) => seat.endedAt),
  stateColumn("Why", (seat) => seat.endReason),
  textColumn("Through", (seat) => seat.through.map(throughText)),
  idColumn((seat) => seat.seatId),
];

function throughText({ group, via, from, to }: Seat["through"][number]): string {
  const name = via === null ? group : `${group} via ${via}`;
  return `${name} (${from.slice(0, 10)} to ${to?.slice(0, 10) ?? "now"})`;
}

/** Was somebody ever licensed, when, and through what; also somebody who is no longer there. */
export async function printLicensed(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const history = await session.call(getPersonSeatHistory, { params: { personId: await everKnown(session, given) } });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, history);
  printRows(cli, SEATS, history.seats);
  cli.stderr.write(`${history.because}\n`);
  if (history.mayBecomeGuest === "no") {
    cli.stderr.write("Atlassian does not allow current or former paid users to become guests.\n");
  }
}

/** A person who is there, or one who held a seat and is gone: lists of people leave those out. */
async function everKnown(session: Session, given: string): Promise<string> {
  try {
    return await findId(session, {
      route: listPeople,
      prefix: "person",
      given,
      names: ({ name, email }) => [name, email],
      idOf: ({ personId }) => personId,
    });
  } catch (error) {
    if (!(error instanceof CliFailure) || error.exitCode !== EXIT.notFound) throw error;
    const found = new Map<string, string>();
    for await (const seat of session.items(listSeats, { query: { state: "all", q: given } })) {
      found.set(seat.personId, `${seat.personId} (${seat.name})`);
    }
    const [only, ...others] = found.keys();
    if (only === undefined) throw error;
    if (others.length > 0) throw usageFailure(`"${given}" may be several.`, [...found.values()].join("\n     "));
    return only;
  }
}
