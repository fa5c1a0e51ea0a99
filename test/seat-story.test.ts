import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { listCandidates } from "../src/api/candidates.ts";
import { ApiProblem } from "../src/api/client.ts";
import { exportJournal, listJournal, verifyJournal } from "../src/api/journal.ts";
import { addLicense, listLicenseSavings } from "../src/api/licenses.ts";
import { applyPlan, createPlan, getPlan, listPlanRows } from "../src/api/plans.ts";
import { computePosition, getPosition } from "../src/api/position.ts";
import {
  activateReclamationRule,
  changeReclamationRule,
  listReclamationRules,
  simulateReclamationRule,
} from "../src/api/reclamation-rules.ts";
import { requestRun } from "../src/api/runs.ts";
import { setSiteMode } from "../src/api/sites.ts";
import type { BillingTruth } from "../src/sim/control/billing.ts";
import { type ReadMail, readMail } from "./support/received-mail.ts";
import { type Story, startStory } from "./support/story.ts";
import {
  cloudSite,
  dataCenterSite,
  getJson,
  type Holder,
  holdersOf,
  type StoryPosition,
  type StorySite,
  tellPeople,
  truthOf,
} from "./support/story-sites.ts";

const VERIFIER = fileURLToPath(new URL("../src/cli/journal/verify-journal.mjs", import.meta.url));

/** What every part of the story goes on with. */
interface Play {
  story: Story;
  site: StorySite;
  siteId: string;
  ruleId: string;
  /** Seats of the site at the beginning. */
  seats: number;
  holders: Record<"keeper" | "giver" | "absent" | "silent", Holder>;
}

for (const site of [cloudSite, dataCenterSite]) {
  describe(`the story of idle seats at ${site.name}`, () => {
    let story: Story;
    before(async () => {
      story = await startStory(new Date("2026-05-03T12:00:00Z"));
    });
    after(() => story.close());

    it("goes from a sync to money saved, and back for who wants it", { timeout: 300_000 }, async () => {
      const play = await syncAndFind(story, site);
      await enterLicense(play);
      const links = await ask(play);
      await openEach(play, [...links.values()]);
      await answer(play, links);
      await escalate(play);
      const candidateIds = await readAgain(play);
      await takeBack(play, candidateIds);
      await bill(play);
      await getBack(play);
      await prove(play);
    });
  });
}

/** The first sync, and what the rule finds that publishing made: it only reports. */
async function syncAndFind(story: Story, site: StorySite): Promise<Play> {
  const { client } = story;
  const [keeper, giver, absent, silent] = await holdersOf(story, site, 4);
  assert.ok(keeper && giver && absent && silent);
  const all = [keeper, giver, absent, silent];
  await site.quiet(story, all);
  const siteId = await site.connect(story);
  await tellPeople(story, all);
  await site.tellUse(story, siteId, all);
  const { accounts } = await truthOf(story, site.name);
  const seats = accounts.filter(({ holdsSeat }) => holdsSeat).length;

  const found = await story.run("find-candidates");
  const [rule, ...others] = (await client.call(listReclamationRules, {})).items;
  assert.ok(rule && others.length === 0);
  const simulated = await client.call(simulateReclamationRule, { params: { ruleId: rule.id }, body: {} });

  assert.equal(found.state, "succeeded");
  assert.deepEqual(
    [rule.name, rule.status, rule.openCandidates, rule.reclaimed, rule.falsePositivePercent],
    ["Idle seats of Acme", "report-only", 4, 0, null],
  );
  assert.deepEqual([simulated.seats, simulated.outcomes["already-candidate"]], [seats, 4]);
  const play: Play = { story, site, siteId, ruleId: rule.id, seats, holders: { keeper, giver, absent, silent } };
  assert.deepEqual(await statesOf(play), {
    keeper: "detected",
    giver: "detected",
    absent: "detected",
    silent: "detected",
  });
  assert.equal((await story.run("check-ins")).message, "Nothing was due.");
  assert.deepEqual(checkIns(story), []);
  return play;
}

async function enterLicense(play: Play): Promise<void> {
  const { story, site, siteId } = play;
  await story.client.call(addLicense, { body: { ...site.license, siteIds: [siteId] } });
  assert.deepEqual(await positionOf(play), site.positions.before);
}

/** The rule is made active, and asks everybody by mail. */
async function ask(play: Play): Promise<Map<string, string>> {
  const { story, ruleId } = play;
  const { client } = story;
  const params = { ruleId };
  assert.equal(await refusal(client.call(activateReclamationRule, { params, ifMatch: "*" })), "rule-not-right");
  const settings = { limits: { perRunPercent: 100 }, decision: { email: "petra@acme.example" } };
  const changed = await client.call(changeReclamationRule, { params, body: { settings }, ifMatch: "*" });
  const active = await client.call(activateReclamationRule, { params, ifMatch: changed.revision });
  await story.run("find-candidates");
  const asked = await story.run("check-ins");
  await story.settle();

  assert.deepEqual(
    [active.status, active.revision, active.settings.limits.perRun],
    ["active", changed.revision + 1, 25],
  );
  assert.equal(asked.message, "Seats: 4 asked.");
  const mails = checkIns(story);
  assert.deepEqual(
    mails.map(({ to }) => to).toSorted(),
    Object.values(play.holders)
      .map(({ email }) => email)
      .toSorted(),
  );
  for (const { text, html } of mails) {
    for (const body of [text, html]) assert.match(body.replaceAll(/\s+/g, " "), /Without an answer by 10 May 2026/);
  }
  return new Map(mails.map(({ to, link }) => [to, link]));
}

/** As programs that look at links before people do. */
async function openEach({ story }: Play, links: readonly string[]): Promise<void> {
  const before = await newestEntry(story);
  for (const link of links) {
    for (const method of ["GET", "HEAD", "GET"]) assert.equal((await fetch(link, { method })).status, 200);
  }
  assert.equal(await newestEntry(story), before);
}

async function answer(play: Play, links: ReadonlyMap<string, string>): Promise<void> {
  const { keeper, giver, absent } = play.holders;
  const send = (holder: Holder, form: Record<string, string>) => submit(links.get(holder.email) ?? "", form);

  assert.match(await send(keeper, { answer: "keep", reason: "" }), /Please say why you need your seat/);
  assert.match(await send(keeper, { answer: "keep", reason: "Audits." }), /The seat stays\. Nobody asks again before/);
  assert.match(await send(giver, { answer: "give-back" }), /Thank you\. The seat is given back on 3 May 2026/);
  assert.match(await send(absent, { answer: "on-leave", until: "2026-05-15" }), /on leave until 15 May 2026/);
  assert.deepEqual(await statesOf(play), { keeper: "kept", giver: "scheduled", absent: "kept", silent: "asking" });
}

/** Who is silent is reminded twice; then their manager decides. */
async function escalate(play: Play): Promise<void> {
  const { story } = play;
  const { silent } = play.holders;
  for (const day of ["07T13", "09T13"]) {
    moveTo(story, day);
    assert.equal((await story.run("check-ins")).message, "Seats: 1 reminded.");
  }
  moveTo(story, "10T13");
  assert.equal((await story.run("check-ins")).message, "Seats: 1 handed to a decider.");
  await story.settle();
  const reminders = story.mail.received.map(readMail).filter(({ subject }) => subject.includes("please answer"));
  const [mail, ...others] = story.mail.received.map(readMail).filter(({ subject }) => subject.startsWith("Does "));
  assert.ok(mail && others.length === 0);

  assert.deepEqual(
    reminders.map(({ to }) => to),
    [silent.email, silent.email],
  );
  assert.equal(mail.to, "rita@acme.example");
  await openEach(play, [mail.link]);
  assert.equal((await statesOf(play)).silent, "deciding");
  const page = await submit(mail.link, { decision: "take", reason: "Left the project." });
  assert.match(page, /The seat is given back on 10 May 2026/);
  assert.equal((await statesOf(play)).silent, "scheduled");
}

/** Two weeks later the site is read again; what is decided waits, for Usher only observes. */
async function readAgain(play: Play): Promise<string[]> {
  const { story, site, siteId, ruleId } = play;
  moveTo(story, "18T12");
  await site.tellUse(story, siteId, Object.values(play.holders));
  await story.client.call(requestRun, { body: { siteId } });
  await story.settle();
  await story.run("plan-candidates");
  const { items } = await story.client.call(listCandidates, { query: { ruleId, state: ["scheduled"] } });

  assert.deepEqual(
    items.map(({ email, waits }) => [email, waits?.code]).toSorted(),
    [
      [play.holders.giver.email, "observe-only"],
      [play.holders.silent.email, "observe-only"],
    ].toSorted(),
  );
  return items.map(({ candidateId }) => candidateId);
}

/** A plan of the two seats, refused in every way that it can be, then applied and held to what the site became. */
async function takeBack(play: Play, candidateIds: readonly string[]): Promise<void> {
  const { story, site, siteId } = play;
  const { client } = story;
  const { items } = await client.call(listCandidates, { query: { ruleId: play.ruleId, state: ["scheduled"] } });
  const seats = items.map(({ accountId, candidateId }) => ({ siteId, accountId, candidateId }));
  assert.equal(candidateIds.length, seats.length);
  const plan = await client.call(createPlan, { body: { seats, reason: "Idle for 60 days." } });
  const params = { planId: plan.id };
  const rows = (await client.call(listPlanRows, { params })).items;
  const body = { hash: plan.hash, confirmCount: 2 };

  assert.deepEqual(
    [plan.state, plan.counts.seats, plan.counts.leftOut, plan.counts.memberships, plan.canarySize],
    ["ready", 2, 0, 2, 0],
  );
  for (const { memberships } of rows)
    assert.deepEqual(
      memberships.map(({ name }) => name),
      [site.group],
    );
  assert.equal(await refusal(client.call(applyPlan, { params, body })), "observe-only");
  assert.deepEqual(changesOf(story), []);
  await client.call(setSiteMode, { params: { siteId }, body: { mode: "act" } });
  assert.equal(await refusal(client.call(applyPlan, { params, body: { ...body, confirmCount: 3 } })), "wrong-count");
  assert.equal(
    await refusal(client.call(applyPlan, { params, body: { ...body, hash: "0".repeat(64) } })),
    "stale-hash",
  );
  await client.call(applyPlan, { params, body });
  await story.settle();

  const applied = await client.call(getPlan, { params });
  assert.deepEqual([applied.state, applied.progress.done, applied.progress.failed], ["applied", 2, 0]);
  const { giver, silent } = play.holders;
  await assertWrites(play, "seat.reclaim-sent", [giver, silent]);
  assert.deepEqual(await holdingSeats(play), { keeper: true, giver: false, absent: true, silent: false });
  assert.deepEqual(await statesOf(play), { keeper: "kept", giver: "reclaimed", absent: "kept", silent: "reclaimed" });
  assert.equal((await story.run("check-ins")).message, "Seats: 2 told that they were taken.");
}

/** What two seats less are worth, at the next bill and not before. */
async function bill(play: Play): Promise<void> {
  const { story, seats, site } = play;
  const { client } = story;
  const { before, taken, billed } = site.positions;
  assert.deepEqual(await positionOf(play), taken);
  moveTo(story, "27T23");
  await story.run("compute-position");
  assert.deepEqual((await client.call(listLicenseSavings, {})).items, []);

  moveTo(story, "28T06");
  assert.equal((await story.run("compute-position")).state, "succeeded");
  await story.run("compute-position");

  assert.deepEqual(await positionOf(play), billed);
  const savings = (await client.call(listLicenseSavings, {})).items;
  assert.deepEqual(
    savings.map(({ eventOn, savedMinor, currency }) => [eventOn, savedMinor, currency]),
    site.savings.map((savedMinor) => ["2026-05-28", savedMinor, "USD"]),
  );
  assert.equal(before.costMinor - billed.costMinor, billed.realizedMinor);
  const url = `${story.simulator.url}/__sim/truth/billing?site=${site.name}&billingDay=28`;
  const [old, running] = ((await getJson(url)) as BillingTruth).periods;
  assert.deepEqual([old?.from, old?.highest, old?.seatsAtEnd], ["2026-04-28", seats, seats - 2]);
  assert.deepEqual([running?.from, running?.highest], ["2026-05-28", seats - 2]);
}

async function getBack(play: Play): Promise<void> {
  const { story, ruleId } = play;
  const { giver, silent } = play.holders;
  moveTo(story, "28T09");
  const mails = story.mail.received.map(readMail).filter(({ subject }) => subject.endsWith("was given back"));
  const mail = mails.find(({ to }) => to === silent.email);
  assert.deepEqual(mails.map(({ to }) => to).toSorted(), [giver.email, silent.email].toSorted());
  assert.ok(mail);

  await openEach(play, [mail.link]);
  assert.match(await submit(mail.link, { reason: "I am back." }), /You get your place back now/);
  await story.settle();

  assert.deepEqual(await holdingSeats(play), { keeper: true, giver: false, absent: true, silent: true });
  assert.deepEqual(await statesOf(play), { keeper: "kept", giver: "reclaimed", absent: "kept", silent: "restored" });
  await assertWrites(play, "seat.restore-sent", [silent]);
  const [rule] = (await story.client.call(listReclamationRules, {})).items;
  assert.deepEqual([rule?.id, rule?.reclaimed, rule?.restored, rule?.falsePositivePercent], [ruleId, 2, 1, 50]);
  assert.deepEqual(await positionOf(play), play.site.positions.back);
}

/** The journal is intact, and a program that knows nothing of Usher says so of its export. */
async function prove({ story }: Play): Promise<void> {
  const { client, checkpointFile } = story;
  assert.equal((await story.run("write-checkpoint")).state, "succeeded");
  const verified = await client.call(verifyJournal, {});
  const file = join(dirname(checkpointFile), "journal.jsonl");
  const pieces: Uint8Array[] = [];
  for await (const bytes of client.download(exportJournal, {})) pieces.push(bytes);
  await writeFile(file, Buffer.concat(pieces));
  const { status, stdout } = spawnSync(process.execPath, [VERIFIER, file, "--checkpoints", checkpointFile], {
    encoding: "utf8",
    env: {},
  });

  assert.equal(verified.intact, true);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^INTACT/);
}

interface ReceivedChange {
  at: string;
  write: string;
  account: string | null;
  effect: string;
  timesChanged: number;
}

function changesOf({ simulator }: Story): ReceivedChange[] {
  return simulator.sim.writes.list().filter(({ effect }) => effect === "changed");
}

/** Each of these was changed once and no other, and the journal had said so before. */
async function assertWrites({ story, ...play }: Play, entry: string, holders: readonly Holder[]): Promise<void> {
  const { sim } = story.simulator;
  const writes = sim.writes.list();
  const behindMs = sim.clockStartedAt - sim.world.startedAt;
  const kind = entry === "seat.reclaim-sent" ? "remove-member" : "add-member";
  const ofKind = writes.filter(({ write }) => write === kind);
  const nameOf = ({ sourceId, email }: Holder) => (play.site === cloudSite ? sourceId : email.split("@")[0]);
  assert.deepEqual(ofKind.map(({ account }) => account).toSorted(), holders.map(nameOf).toSorted());
  const sent = (await story.client.call(listJournal, { query: { entry: [entry] } })).items;
  assert.equal(sent.length, holders.length);
  for (const { account, at, effect, times } of ofKind) {
    const holder = holders.find((each) => nameOf(each) === account);
    const { accountId } = (await candidateOf({ story, ...play }, holder?.email)) ?? {};
    const before = sent.find(({ subjectId }) => subjectId === accountId);
    assert.deepEqual([effect, times], ["changed", 1]);
    assert.ok(before && Date.parse(before.at) <= Date.parse(at) + behindMs, `${at} was not in the journal before`);
  }
}

async function candidateOf({ story, ruleId }: Pick<Play, "story" | "ruleId">, email: string | undefined) {
  const { items } = await story.client.call(listCandidates, { query: { ruleId, limit: 50 } });
  return items.find((each) => each.email === email);
}

async function statesOf({ story, ruleId, holders }: Play): Promise<Record<string, string | undefined>> {
  const { items } = await story.client.call(listCandidates, { query: { ruleId, limit: 50 } });
  assert.equal(items.length, 4);
  return Object.fromEntries(
    Object.entries(holders).map(([who, { email }]) => [who, items.find((each) => each.email === email)?.state]),
  );
}

async function holdingSeats({ story, site, holders }: Play): Promise<Record<string, boolean | undefined>> {
  const { accounts } = await truthOf(story, site.name);
  return Object.fromEntries(
    Object.entries(holders).map(([who, { sourceId }]) => [who, accounts.find(({ id }) => id === sourceId)?.holdsSeat]),
  );
}

async function positionOf({ story: { client } }: Play): Promise<StoryPosition> {
  const { id: positionId } = await client.call(computePosition, {});
  const { lines } = await client.call(getPosition, { params: { positionId } });
  const [line, ...others] = lines.filter(({ level }) => level === "license");
  const [money, ...more] = line?.money ?? [];
  assert.ok(line && money && others.length + more.length === 0);
  const { status, owned, used, short } = line;
  const { costMinor, avoidableMinor, realizedMinor } = money;
  return { status, owned, used, short, costMinor, avoidableMinor, realizedMinor } as StoryPosition;
}

function checkIns({ mail }: Story): ReadMail[] {
  return mail.received.map(readMail).filter(({ subject }) => subject.startsWith("Do you still need"));
}

async function newestEntry({ client }: Story): Promise<number | undefined> {
  return (await client.call(listJournal, { query: { limit: 1 } })).items[0]?.seq;
}

/** Sends the form of a page as a browser does, and gives the page that is shown then. */
async function submit(link: string, form: Record<string, string>): Promise<string> {
  const page = await fetch(link, { method: "POST", body: new URLSearchParams(form) });
  return (await page.text()).replace(/^.*<\/head>/s, "").replaceAll(/\s+/g, " ");
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => assert.fail("It was not refused."),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiProblem, String(error));
  return error.problem.code;
}

/** To an hour of a day of May: `18T12`. */
function moveTo({ clock }: Story, hour: string): void {
  clock.moveTo(new Date(`2026-05-${hour}:00:00Z`));
}
