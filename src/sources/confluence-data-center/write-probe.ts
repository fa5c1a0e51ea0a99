import { z } from "zod";
import type { Probe } from "../../model/connections.ts";
import { wordsOf } from "../atlassian/credential.ts";
import { passed, runWriteChecks, type Seen, seenAs, warning } from "../atlassian/write-checks.ts";
import { SourceFailure } from "../source.ts";
import { whyNotChanged, writersOf } from "./changes.ts";
import { isAddressable } from "./groups.ts";
import type { OpenSite } from "./open-site.ts";
import { readProductAccessGroups } from "./product-access.ts";

/** What taking a seat rests on, looked at without changing anything; that writing works, only the write proof shows. */
export function probeWriting(open: OpenSite, signal: AbortSignal): Promise<Probe[]> {
  const checks = [
    { name: "Right to change users and groups", run: (at: AbortSignal) => rightToChange(open, at) },
    { name: "Groups that give Confluence can be changed", run: (at: AbortSignal) => changeable(open, at) },
    { name: "Confluence takes changes", run: (at: AbortSignal) => accessMode(open, at) },
  ];
  return runWriteChecks(checks, open.client.clock, signal);
}

/** Only administrators read whom the license counts, and only they may change users and groups (spec DC). */
async function rightToChange({ client, directory }: OpenSite, signal: AbortSignal): Promise<Seen> {
  const [credential] = writersOf(client.credentials);
  if (!credential) return seenAs(whyNotChanged("remove-member"), "not-checked");
  try {
    await directory.readLicensedPage(null, signal, 1);
    return passed(`The account behind the ${wordsOf(credential)} is an administrator.`);
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure) || thrown.code !== "source.edition-lacks") throw thrown;
    return warning("This version tells administrators apart by no API.", "Run the write proof.");
  }
}

async function changeable(open: OpenSite, signal: AbortSignal): Promise<Seen> {
  try {
    const { rows } = await readProductAccessGroups(open, "user", signal);
    const slashed = rows.filter(({ name }) => !isAddressable(name)).map(({ name }) => `"${name}"`);
    if (slashed.length === 0) return passed("Each group that gives Confluence can be named in the API.");
    return warning(
      `The API cannot change ${slashed.join(", ")}: a name with a slash cannot stand in its addresses.`,
      "Rename these groups in their directory, or make such changes in Confluence's administration.",
    );
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return seenAs(thrown, "warning");
  }
}

const Mode = z.union([z.string(), z.object({ accessMode: z.string() }).transform(({ accessMode }) => accessMode)]);

/** `READ_WRITE` or `READ_ONLY` (FACTS §10). */
async function accessMode({ client }: OpenSite, signal: AbortSignal): Promise<Seen> {
  const path = "/rest/api/accessmode";
  const call = { template: path, path, schema: Mode, isOneThing: true, what: "whether it takes changes" };
  try {
    const mode = await client.read("accounts", call, signal);
    if (!/READ_ONLY/i.test(mode)) return passed("Confluence is in its normal mode.");
    return {
      outcome: "failed",
      detail: "Confluence is in read-only mode.",
      fix: "End the read-only mode under General configuration, Maintenance.",
    };
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return seenAs(thrown, "warning");
  }
}
