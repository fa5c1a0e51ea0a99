import { createHash } from "node:crypto";
import { addCapacityAlert } from "../../commands/capacity/change-alerts.ts";
import { addCredential } from "../../commands/connections/add-credential.ts";
import { createConnection } from "../../commands/connections/create-connection.ts";
import { publishConnection } from "../../commands/connections/publish-connection.ts";
import type { Context } from "../../commands/context.ts";
import { applyPeople, previewPeople } from "../../commands/imports/people.ts";
import { startJobsAfterRun } from "../../commands/jobs/start-jobs-after-run.ts";
import { addLicense } from "../../commands/licenses/add-license.ts";
import { decideProductAccess } from "../../commands/sites/decide-product-access.ts";
import { Fault } from "../../lib/errors.ts";
import type { Result } from "../../lib/result.ts";
import type { Capability, CredentialKind, SourceKind } from "../../model/connections.ts";
import { SAMPLE_EMAIL_DOMAIN } from "../../model/sample-company.ts";
import { listCredentials } from "../../store/credentials.ts";
import { findOperator } from "../../store/operators.ts";
import { isSampleAtWork, saveSampleStep } from "../../store/sample/sample-company.ts";
import {
  findSampleConnection,
  hasSampleImport,
  listSampleSites,
  listUnconfirmedGroups,
} from "../../store/sample/sample-facts.ts";
import { checkConnection } from "../../sync/connect/check.ts";
import type { ConnectParts } from "../../sync/connect/parts.ts";
import { addSite } from "../../sync/connect/sites.ts";
import { sampleLicenses } from "./licenses.ts";
import type { SampleSimulator } from "./simulator.ts";

/** As it is called in the list of imports; what goes with the sample is known by it. */
const PERSONNEL_FILE = `people@${SAMPLE_EMAIL_DOMAIN}.csv`;

const CLOUD = "Sample company";
const DATA_CENTER = "Sample company (Data Center)";
const READ: Capability[] = ["roster", "activity", "permissions"];

/** How often it is looked whether the runs have ended. */
const LOOK_MS = 300;

/** Its removal was asked for while it was made. */
export class NoLongerWanted extends Error {}

export interface MakeOptions {
  parts: ConnectParts;
  ctx: Context;
  simulator: SampleSimulator;
  signal: AbortSignal;
}

/**
 * Makes the sample company as a person would connect a real one: connection, credentials, sites, check, publish, personnel
 * file, licenses. What an attempt that was cut short has done already is not done again.
 */
export async function makeSample(options: MakeOptions): Promise<void> {
  const { ctx, simulator } = options;
  const { email, apiToken, organizationKey, personalAccessToken } = await simulator.credentials();
  const owner = (await findOperator(ctx.db, ctx.actor.operatorId))?.email ?? email;

  await tell(options, "Connecting the sample company");
  await connect(options, {
    name: CLOUD,
    source: "confluence-cloud",
    capabilities: [...READ, "reclaim"],
    owner,
    credentials: [
      { kind: "api-token", accountEmail: email, secret: apiToken },
      { kind: "organization-key", accountEmail: null, secret: organizationKey },
    ],
    sites: simulator.cloudUrls,
  });
  await connect(options, {
    name: DATA_CENTER,
    source: "confluence-data-center",
    capabilities: READ,
    owner,
    credentials: [{ kind: "personal-access-token", accountEmail: null, secret: personalAccessToken }],
    sites: [simulator.dataCenterUrl],
  });

  await tell(options, "Importing its personnel file");
  await importPersonnel(options);

  await waitForWork(options, "Reading its sites");

  await tell(options, "Adding its licenses");
  await confirmGroups(options);
  await addMoney(options, owner);
  await startJobsAfterRun(ctx, ["find-candidates", "compute-position"]);
  await waitForWork(options, "Counting seats and money");
}

/** Until runs and the jobs that follow them have ended. */
async function waitForWork(options: MakeOptions, step: string): Promise<void> {
  for (;;) {
    await tell(options, step);
    if (!(await isSampleAtWork(options.parts.db))) return;
    await options.parts.clock.sleep(LOOK_MS, options.signal);
  }
}

async function tell({ parts, signal }: MakeOptions, step: string): Promise<void> {
  signal.throwIfAborted();
  if (!(await parts.db.transaction((tx) => saveSampleStep(tx, "making", step)))) throw new NoLongerWanted();
}

interface ToConnect {
  name: string;
  source: SourceKind;
  capabilities: Capability[];
  owner: string;
  credentials: readonly { kind: CredentialKind; accountEmail: string | null; secret: string }[];
  sites: readonly string[];
}

async function connect({ parts, ctx, signal }: MakeOptions, wanted: ToConnect): Promise<void> {
  const { name, source, capabilities, owner } = wanted;
  const begun = await findSampleConnection(ctx.db, source);
  if (begun && begun.state !== "draft" && begun.state !== "validated") return;
  const draft = { name, source, capabilities, settings: {}, owners: [owner], sites: [], from: null, isSample: true };
  const id = begun?.id ?? getOk(await createConnection(ctx, draft), `connection ${name}`).id;

  const entered = await listCredentials(ctx.db, id);
  for (const { kind, accountEmail, secret } of wanted.credentials) {
    if (entered.some((each) => each.kind === kind)) continue;
    const empty = { clientId: null, askedScopes: null, organizationId: null, expiresAt: undefined };
    getOk(await addCredential(ctx, id, { kind, label: kind, accountEmail, secret, ...empty }, null), kind);
  }
  for (const site of wanted.sites) {
    const { siteId, problem } = getOk(await addSite(parts, ctx.actor, id, site, signal), site);
    if (siteId === null) throw notMade(`${site}: ${problem}`);
  }
  const report = getOk(await checkConnection(parts, ctx.actor, id, signal), "check");
  if (!report.isValid) {
    const failed = report.sites.flatMap(({ probes }) => probes).filter(({ outcome }) => outcome === "failed");
    throw notMade(failed.map(({ detail }) => detail).join(" "));
  }
  getOk(await publishConnection(ctx, id), "publish");
}

async function importPersonnel({ ctx, simulator }: MakeOptions): Promise<void> {
  if (await hasSampleImport(ctx.db, PERSONNEL_FILE)) return;
  const rows = await simulator.personnel();
  const file = {
    name: PERSONNEL_FILE,
    records: (async function* () {
      yield* rows;
    })(),
    sha256: () => createHash("sha256").update(JSON.stringify(rows)).digest("hex"),
  };
  const { id } = getOk(await previewPeople(ctx, file, { absent: "keep" }, new Map()), "preview");
  getOk(await applyPeople(ctx, id, { acceptErrors: true, confirmLeaving: true }), "import");
}

async function confirmGroups({ ctx }: MakeOptions): Promise<void> {
  for (const { siteId, groupId } of await listUnconfirmedGroups(ctx.db)) {
    getOk(await decideProductAccess(ctx, siteId, groupId, { verb: "confirm", reason: null }), "product access");
  }
}

/** What was bought, so that the position has money; and an alert that is near. */
async function addMoney({ ctx }: MakeOptions, owner: string): Promise<void> {
  const sites = await listSampleSites(ctx.db);
  for (const terms of sampleLicenses(sites, ctx.clock.now(), ctx.actor.operatorId)) {
    const added = await addLicense(ctx, terms);
    if (!added.ok && added.error.code !== "site-already-covered" && added.error.code !== "name-taken") {
      getOk(added, terms.name);
    }
  }
  for (const { id: siteId } of sites.filter(({ source }) => source === "confluence-cloud")) {
    const added = await addCapacityAlert(ctx, { siteId, unit: "percent", threshold: 90, recipients: [owner] });
    if (!added.ok && added.error !== "alert-exists") getOk(added, "capacity alert");
  }
}

function getOk<Value>(result: Result<Value, unknown>, what: string): Value {
  if (result.ok) return result.value;
  throw notMade(`${what}: ${JSON.stringify(result.error)}`);
}

function notMade(why: string): Fault {
  return new Fault(`The sample company was not made: ${why}`, {
    code: "sample-company.not-made",
    publicMessage: `The sample company was not made: ${why}`,
  });
}
