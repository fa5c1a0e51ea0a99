import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { listCandidates } from "../src/api/candidates.ts";
import { verifyJournal } from "../src/api/journal.ts";
import { getOverview } from "../src/api/overview.ts";
import { getPosition } from "../src/api/position.ts";
import { createSampleCompany, getSampleCompany, removeSampleCompany } from "../src/api/sample-company.ts";
import { BY_STATEMENT, NEVER_SAMPLE, OWN, ROOTS, TOLD } from "../src/store/sample/removal-steps.ts";
import {
  makeSample,
  removeSample,
  type SampleUsher,
  sampleUsher,
  until,
  untilSampleIs,
} from "./support/sample-usher.ts";
import { differing, listTables, readTables } from "./support/table-contents.ts";

describe("the sample company alone", () => {
  let usher: SampleUsher;

  before(async () => {
    usher = await sampleUsher();
  });

  after(() => usher.close());

  it("has something to look at, and leaves no row behind when it is removed", async () => {
    const client = await usher.start();
    const before = await readTables(usher.db);

    await makeSample(client);
    const { sites, people } = await client.call(getOverview, {});
    const { items: candidates } = await client.call(listCandidates, {});
    const { lines } = await client.call(getPosition, { params: { positionId: "latest" } });
    await removeSample(client);

    assert.deepEqual([sites.length, people > 100, candidates.length > 10], [3, true, true]);
    assert.ok(lines.filter(({ license }) => license !== null).length >= 3);
    assert.deepEqual(differing(before, await readTables(usher.db)), []);
    assert.equal((await client.call(verifyJournal, {})).intact, true);
    await usher.stop();
  });

  it("goes on being made, and being removed, where a process that ended left it", async () => {
    const client = await usher.start();
    const before = await readTables(usher.db);

    await client.call(createSampleCompany, { body: { scale: "small" } });
    await until(async () => (await client.call(getSampleCompany, {})).siteIds.length > 0);
    await usher.stop();
    const second = await usher.start();
    await untilSampleIs(second, "present");
    await second.call(removeSampleCompany, {});
    await until(async () =>
      /journal|messages|seats/.test((await second.call(getSampleCompany, {})).step ?? "messages"),
    );
    await usher.stop();
    const third = await usher.start();
    await untilSampleIs(third, "absent");

    assert.deepEqual(differing(before, await readTables(usher.db)), []);
    await usher.stop();
  });

  it("is removed half made", async () => {
    const client = await usher.start();
    const before = await readTables(usher.db);

    await client.call(createSampleCompany, { body: { scale: "small" } });
    await until(async () => (await client.call(getSampleCompany, {})).runIds.length > 0);
    await removeSample(client);

    assert.deepEqual(differing(before, await readTables(usher.db)), []);
    await usher.stop();
  });

  it("knows of every table whether rows of it are the sample's", async () => {
    const named = [...TOLD, ...OWN, ...ROOTS].map(({ table }) => table);

    assert.deepEqual([...new Set([...named, ...BY_STATEMENT, ...NEVER_SAMPLE])].sort(), await listTables(usher.db));
  });
});
