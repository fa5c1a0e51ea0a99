import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listSpaceAccess } from "../../src/api/access.ts";
import { listDifferences } from "../../src/api/differences.ts";
import { listPeople } from "../../src/api/people.ts";
import { listSpaces } from "../../src/api/spaces.ts";
import { useWeb } from "../support/web.ts";

describe("access that was given by hand", () => {
  const web = useWeb();

  it("is seen after the next sync: who has it and why, who gave it and when, and what differs from before", async () => {
    const siteId = web.usher.siteIds[0] ?? "";
    const { space, person } = await somebodyWithout(siteId);
    const account = (await web.simulator.truth("acme")).accounts.find(({ email }) => email === person.email)?.id;
    const before = new Date();
    await web.simulator.change([
      { kind: "grant", site: "acme", space: space.key, account, key: "read", target: "space" },
    ]);
    await web.usher.requestRun(siteId, "full");
    await web.usher.settledRuns();

    const access = await web.openPage({ as: "admin", path: `/spaces/${space.spaceId}?tab=access` });
    const row = access.getByRole("row", { name: new RegExp(person.name) }).first();
    const why = await row.innerText();
    const activity = await web.openPage({ as: "admin", path: "/activity?type=admin" });
    const event = activity.getByRole("row", { name: /Space permission added/ }).first();
    const words = await event.innerText();
    const { items: differences } = await web.client.call(listDifferences, {
      query: { from: before, to: new Date(), siteId, kind: ["space-permissions"] },
    });

    assert.match(why, /Directly/);
    // The simulator lets its administrator make every change.
    assert.match(words, /Petra/);
    assert.deepEqual(
      differences.map(({ change, spaceId, principal }) => [change, spaceId, principal]),
      [["appeared", space.spaceId, person.name]],
    );
  });

  /** A space, and an active person who may not read it. */
  async function somebodyWithout(siteId: string) {
    const { items: people } = await web.client.call(listPeople, {
      query: { siteId, status: ["active"], class: ["licensed"], limit: 200 },
    });
    for await (const space of web.client.items(listSpaces, { query: { siteId, type: ["global"] } })) {
      const readers = new Set<string>();
      const all = { params: { spaceId: space.spaceId }, query: { limit: 200 } };
      for await (const { personId } of web.client.items(listSpaceAccess, all)) readers.add(personId);
      const person = people.find(({ personId, sites }) => sites.length === 1 && !readers.has(personId));
      if (person) return { space, person };
    }
    return assert.fail("Everybody may read every space.");
  }
});
